"""A fictional country that delivers its figures: for trying out, for showing, for tests and benchmarks."""
