"""A spacecraft whose housekeeping has limits: its mission database, and a thread that sends what it measures."""

import math
import struct
import threading
import time

from frames import aos, link
from sender import Sender

LENGTH = 256
# As many numbers of 16 bits as fill a packet that fills a frame.
COUNT = (LENGTH - 8 - 2 - 6) // 2
# Names, units, the middle of what is measured and how far it goes to either side; then the ranges without alarm.
MONITORED = (
    ("BUS_VOLTAGE", "V", 28, 5, (26, 31), (24, 32)), ("BATTERY_TEMP", "°C", 20, 4, (5, 40), (0, 45)),
    ("PANEL_CURRENT", "A", 6, 5.5, (1, 11), (0.2, 14)), ("WHEEL_SPEED", "rpm", 300, 60, (100, 400), (50, 450)),
    ("TANK_PRESSURE", "bar", 18, 3, (16, 22), (10, 24)), ("RECEIVER_LEVEL", "mV", 90, 30, (70, 250), (50, 300)),
)
NAMES = [row[0] for row in MONITORED] + [f"HK_{number:03}" for number in range(len(MONITORED), COUNT)]


def database():
    """The database: numbers of 16 bits, a hundredth of a unit each; XTCE 1.2."""
    def calibrated(name, unit, alarm):
        return (
            f'<FloatParameterType name="{name}_t"><UnitSet><Unit>{unit}</Unit></UnitSet><IntegerDataEncoding '
            f'sizeInBits="16"><DefaultCalibrator><PolynomialCalibrator><Term exponent="1" coefficient="0.01"/>'
            f'</PolynomialCalibrator></DefaultCalibrator></IntegerDataEncoding>{alarm}</FloatParameterType>')

    def alarm(warning, critical):
        return (
            f'<DefaultAlarm><StaticAlarmRanges><WarningRange minInclusive="{warning[0]}" maxInclusive="{warning[1]}"/>'
            f'<CriticalRange minInclusive="{critical[0]}" maxInclusive="{critical[1]}"/></StaticAlarmRanges></DefaultAlarm>')

    header = (("VERSION", 3), ("TYPE", 1), ("SHF", 1), ("APID", 11), ("FLAGS", 2), ("COUNT", 14), ("LENGTH", 16))
    types = "".join(
        f'<IntegerParameterType name="{name}_t" signed="false"><UnitSet/><IntegerDataEncoding sizeInBits="{bits}"/>'
        "</IntegerParameterType>" for name, bits in header)
    types += "".join(calibrated(name, unit, alarm(*ranges)) for name, unit, _, _, *ranges in MONITORED)
    types += "".join(calibrated(name, "V", "") for name in NAMES[len(MONITORED):])
    names = [name for name, _ in header] + NAMES
    parameters = "".join(f'<Parameter name="{name}" parameterTypeRef="{name}_t"/>' for name in names)

    def entries(some):
        return "".join(f'<ParameterRefEntry parameterRef="{name}"/>' for name in some)

    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<SpaceSystem name="SAT" xmlns="http://www.omg.org/spec/XTCE/20180204">'
        f"<TelemetryMetaData><ParameterTypeSet>{types}</ParameterTypeSet><ParameterSet>{parameters}</ParameterSet>"
        f'<ContainerSet><SequenceContainer name="Packet" abstract="true"><EntryList>{entries(names[:len(header)])}'
        f'</EntryList></SequenceContainer><SequenceContainer name="HK"><EntryList>{entries(NAMES)}</EntryList>'
        '<BaseContainer containerRef="Packet"><RestrictionCriteria><Comparison parameterRef="APID" value="5" '
        'useCalibratedValue="false"/></RestrictionCriteria></BaseContainer></SequenceContainer></ContainerSet>'
        "</TelemetryMetaData></SpaceSystem>\n")


def link_text(name, port, path):
    """A link that has the database at a path."""
    return link(
        name, port, f"type: aos, length: {LENGTH}, spacecraft_id: 77",
        f"virtual_channels: [{{ vcid: 1, name: housekeeping }}]\nmission_database: {path}")


def frame(number, seconds):
    """The frame of a time: what is monitored swings through its limits, each at a pace of its own."""
    values = [middle + reach * math.sin(seconds / (7 + 3 * index)) for index, (_, _, middle, reach, *_) in enumerate(MONITORED)]
    values += [index + math.sin(seconds / 30 + index) for index in range(len(MONITORED), COUNT)]
    raw = struct.pack(f">{COUNT}H", *(round(100 * value) for value in values))
    zone = struct.pack(">HHH", 0x0805, 0xC000 | number & 0x3FFF, len(raw) - 1) + raw
    return aos(LENGTH, 77, 1, number, zone)


class Housekeeping:
    """Sends so many frames a second until it is told to stop; every so many-th is lost."""

    def __init__(self, port, rate=4, lost=50):
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.send, args=(port, rate, lost), daemon=True)
        self.thread.start()

    def send(self, port, rate, lost):
        began, number = time.monotonic(), 0
        with Sender(port) as sender:
            while not self.ended.wait(max(0, began + number / rate - time.monotonic())):
                if number % lost != lost - 1:
                    sender.send(frame(number, number / rate))
                number += 1

    def stop(self):
        self.ended.set()
        self.thread.join()
