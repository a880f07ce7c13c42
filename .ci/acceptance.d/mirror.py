"""Good frames that go on to another daemon, which has the same ledger of them."""

from bench import Daemon, free_port
from receiving import IMPAIRMENTS, differing, counts

FRAMES = 30_000


def line_mirror(bench):
    """An impaired link, a second daemon behind it, and a third that gets one virtual channel."""
    port, all_port, one_port = free_port(), free_port(), free_port()
    bench.simulate(
        *IMPAIRMENTS, "--frames", 100, "--port", port, "--link-config", bench.path("mirror.yaml"),
        bench.path("few.pcap"))
    with open(bench.path("mirror.yaml"), encoding="utf-8") as file:
        text = file.read()
    behind = Daemon(bench, text.replace(f":{port}", f":{all_port}"))
    chosen = Daemon(bench, text.replace(f":{port}", f":{one_port}"))
    source = Daemon(
        bench, f"{text.rstrip()}\n    sinks:\n      - {{ kind: udp_frames, to: \"127.0.0.1:{all_port}\" }}\n"
        f"      - {{ kind: udp_frames, to: \"127.0.0.1:{one_port}\", vcid: 1 }}\n")
    sent, seconds = bench.simulate(*IMPAIRMENTS, "--frames", FRAMES, "--speed", "10", f"udp:127.0.0.1:{port}")
    link = source.wait_for_datagrams(sent)["links"][0]
    accepted = sum(channel["frames"] for channel in link["virtual_channels"])
    copy = behind.wait_for_datagrams(accepted)["links"][0]
    wanted = [channel for channel in link["virtual_channels"] if channel["vcid"] == 1]
    part = chosen.wait_for_datagrams(sum(channel["frames"] for channel in wanted))["links"][0]
    sinks = source.link()["sinks"]
    for daemon in (source, behind, chosen):
        daemon.stop()
    compared = ["virtual_channels", "master_channels", "apids"]
    differences = [path for key in compared for path in differing(counts(link[key]), counts(copy[key]), key)]
    bench.report(
        "mirror", "a daemon behind it has the same ledger of all channels", not differences and accepted > 0.9 * FRAMES,
        f"{sent} datagrams in {seconds:.1f} s, {accepted} good frames, {link['totals']['missing']} and "
        f"{copy['totals']['missing']} missing" + "".join(f"; {difference}" for difference in differences[:5]))
    differences = differing(counts(wanted), counts(part["virtual_channels"]), "virtual_channels")
    bench.report(
        "mirror", "a daemon behind it has the same ledger of the one channel that goes to it",
        wanted and not differences,
        f"{part['totals']['frames']} frames of virtual channel 1"
        + "".join(f"; {difference}" for difference in differences[:5]))
    bench.report(
        "mirror", "every frame for a sink was sent or dropped", all(
            sink["frames"] == sink["sent"] + sum(sink["dropped"].values()) for sink in sinks),
        ", ".join(f"{sink['to']}: {sink['sent']} of {sink['frames']} sent" for sink in sinks))
