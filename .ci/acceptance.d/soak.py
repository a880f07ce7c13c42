"""."""
def line_soak(bench, seconds): pass
