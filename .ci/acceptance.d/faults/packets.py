"""What the bytes of a frame say that cannot be."""

import random

from bench import Daemon, free_port, megabytes
from faults.datagrams import counts, started
from faults.overload import DEPTH, clean_units, wrong
from faults.table import row
from frames import packet, tm
from sender import Sender

ZONE = 64 - 8
NO_START = 0x7FF


@row(3, "packet length 0xFFFF in a short frame", "waits for the rest, at most for a gap, then discarded; no memory beyond the cap",
     "UDP: on 8 channels a packet that claims 65,542 bytes, five frames of it, and a gap; 500 times")
def endless_packet(trial):
    daemon, port = started(trial, "type: tm, length: 64, spacecraft_id: 42")
    before, rounds, channels = daemon.memory(), 500, 8
    sent = master = 0
    with Sender(port) as sender:
        def frames():
            nonlocal sent, master
            for number in range(rounds):
                for channel in range(channels):
                    head = packet(7, number, 65_542)[:ZONE]
                    for step in range(6):
                        zone = head if step == 0 else bytes([step]) * ZONE
                        yield tm(64, 42, channel, master, 7 * number + step, zone, 0 if step == 0 else NO_START)
                        master, sent = master + 1, sent + 1
        sender.pace(frames(), 8000)
        daemon.wait_for_datagrams(sent)
    ledger, balanced = counts(daemon)
    zone, grown = ledger["zone_bytes"], daemon.memory() - before
    # Where this machine made us wait, a whole turn of the counter may have been lost, and what follows has no beginning.
    discarded = zone["discarded"].get("gap", 0) + zone["discarded"].get("unsynchronized", 0)
    trial.see(
        zone["received"] == sent * ZONE == discarded + zone["pending"] and zone["packets"] == 0 and balanced,
        f"{zone['received']} bytes = {zone['discarded']} discarded + {zone['pending']} pending, balanced {balanced}")
    # Each channel may hold one packet of the longest kind.
    trial.see(grown < channels * 65_542 + (2 << 20), f"memory grew by {megabytes(grown)}")
    trial.tests("PacketAssemblyTests/waitsForLongPacket", "PacketAssemblyTests/refusesFourGigabytes")


@row(4, "length below the minimum", "rejected, and the next one believed",
     "UDP: TM secondary header longer than its frame; encapsulation packet shorter than its own header")
def too_short(trial):
    daemon, port = started(trial, "type: tm, length: 64, spacecraft_id: 42")
    # The first byte of a TM secondary header has its length less one in six bits: 64 bytes, where 56 are.
    header = bytes([0x3F]) + bytes(ZONE - 1)
    # An encapsulation packet with a length field of one byte has a header of two, and says that it is one byte long.
    capsule = bytes([0xE5, 0x01]) + bytes(ZONE - 2)
    with Sender(port) as sender:
        sender.send(*(tm(64, 42, 1, number, number) for number in range(2)))
        sender.send(tm(64, 42, 1, 2, 2, header, status=0x9800))
        sender.send(tm(64, 42, 1, 2, 2, capsule), tm(64, 42, 1, 3, 3))
        daemon.wait_for_datagrams(5)
    ledger, balanced = counts(daemon)
    trial.see(
        ledger["frames"]["rejected"] == {"length": 1} and ledger["zone_bytes"]["discarded"] == {"length": ZONE}
        and ledger["packets"]["delivered"] == 3 and balanced,
        f"frames rejected {ledger['frames']['rejected']}, bytes discarded {ledger['zone_bytes']['discarded']}, "
        f"{ledger['packets']['delivered']} of 3 good packets")
    trial.tests("AdmissionTests/rejectsSecondaryHeader", "EncapsulationPacketTests/refusesLengthWithinHeader")


@row(5, "first header pointer past the data field", "`first_header_pointer`, and the next frame is believed",
     "UDP: every pointer from the end of the zone to 2045, each between two good frames")
def pointer(trial):
    daemon, port = started(trial, "type: tm, length: 64, spacecraft_id: 42")
    number, bad = 0, range(ZONE, 2046)
    with Sender(port) as sender:
        def frames():
            nonlocal number
            for place in bad:
                yield tm(64, 42, 1, number, number)
                yield tm(64, 42, 1, number + 1, number + 1, pointer=place)
                number += 2
        sender.pace(frames(), 8000)
        daemon.wait_for_datagrams(number)
    ledger, balanced = counts(daemon)
    trial.see(
        ledger["zone_bytes"]["discarded"] == {"first_header_pointer": len(bad) * ZONE}
        and ledger["packets"]["delivered"] == len(bad) and balanced,
        f"{len(bad)} such frames, discarded {ledger['zone_bytes']['discarded']}, {ledger['packets']['delivered']} packets of "
        f"the frames between, balanced {balanced}")
    trial.tests("PacketAssemblyTests/refusesPointerPastZone", "PacketAssemblyTests/deliversWhatWasSent")


@row(8, "16 and 17 wrong symbols in a codeword", "corrected, and rejected; counts exact",
     "UDP: 200 units with 16 in each codeword, 200 with 17 in one; libfec beside it in the tests")
def symbols(trial):
    port, chance = free_port(), random.Random(20261121)
    daemon = Daemon(trial.bench, trial.bench.link_text("cadu-demo", port))
    units = clean_units(trial.bench, 400)
    with Sender(port) as sender:
        sender.pace((
            wrong(unit, [16] * DEPTH if number % 2 == 0 else [0, 0, 17, 0, 0], chance)
            for number, unit in enumerate(units)), 2000)
        status = daemon.wait_for_datagrams(400)
    found = status["links"][0]["ledger"]["codewords"]
    trial.see(
        found["corrected"] == 1000 and found["corrected_symbols"] == 16_000 and found["uncorrectable"] == 200
        and found["clean"] == 800 and status["accounting"]["balanced"], f"codewords {found}")
    trial.tests("ReedSolomonOracleTests", "ReedSolomonVectorTests")


@row(10, "counter wraps; exactly 255, 256, 257 frames lost", "a documented result for each",
     "tests of the counters of TM, AOS and USLP")
def wraps(trial):
    trial.tests("TMCountingTests", "AOSCountingTests", "USLPCountingTests")
