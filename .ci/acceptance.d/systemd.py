"""."""
def line_systemd(bench): pass
