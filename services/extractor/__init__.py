"""PDF → tables: page contents, lattice, cells, text lines, continuation."""
