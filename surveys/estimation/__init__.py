"""What the country comes to while not all have answered, and what one answer does to it. Pure: no Django, no data."""
