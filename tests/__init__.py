"""Tests, one file a layer; `browser/` drives the real server, `benchmarks/` measures."""
