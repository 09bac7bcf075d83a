"""The tests. A package, so that helpers are imported as tests.NAME wherever pytest starts."""
