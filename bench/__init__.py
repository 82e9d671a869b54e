"""The figures to reach, each measured beside its anchor in the same run. See README.md."""
