"""The portal's benchmarks: `python3 start.py bench`. Ratios within one run, on data of its own; see docs/speed.md."""
