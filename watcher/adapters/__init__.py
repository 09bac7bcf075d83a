"""Everything that touches the world outside: network, HTML, clock."""
