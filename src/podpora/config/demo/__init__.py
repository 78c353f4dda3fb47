"""The sample vendor: what `podpora demo` shows and what the tests are written with. Everything is made through actions."""
