#!/usr/bin/env python3
"""Sends a blob to the firmware of the example update, which then runs it.

    send_update.py BLOB --to LINE      a serial line, set to its speed (stty), or a socket of an emulator
    send_update.py BLOB --print        the lines for it, to standard output

What the lines are says update_link.h. Status 1: the device refused the blob, or does not answer; it runs the old one.
"""
import argparse
import base64
import os
import select
import socket
import stat
import struct
import sys
import termios
import tty

PIECE_BYTES = 256
REPEATS = 5


def packet_line(kind, number, piece=b""):
    packet = struct.pack("<cI", kind, number) + piece
    check = 0xCBF29CE484222325
    for byte in packet:
        check = (check ^ byte) * 0x100000001B3 % 2**64
    return base64.urlsafe_b64encode(packet + struct.pack("<Q", check)).rstrip(b"=") + b"\n"


def packets(blob):
    """Each line, and how its answer begins."""
    yield packet_line(b"B", len(blob)), "at 00000000"
    for at in range(0, len(blob), PIECE_BYTES):
        piece = blob[at : at + PIECE_BYTES]
        yield packet_line(b"D", at, piece), f"at {at + len(piece):08x}"
    yield packet_line(b"S", len(blob)), "runs "


def open_line(path):
    if stat.S_ISSOCK(os.stat(path).st_mode):
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(path)
        return connection.detach()
    line = os.open(path, os.O_RDWR | os.O_NOCTTY)
    if os.isatty(line):
        tty.setraw(line, termios.TCSANOW)
    return line


def read_answer(line, seconds):
    """The next line, or "" where none comes in time."""
    answer = b""
    while not answer.endswith(b"\n"):
        if not select.select([line], [], [], seconds)[0]:
            return ""
        byte = os.read(line, 1)
        if not byte:
            sys.exit("send_update.py: the line was closed; after its next start the device says which model it runs")
        answer += byte
    return answer.decode(errors="replace").strip()


def exchange(line, packet, wanted, seconds):
    """Sends a packet until its answer has come."""
    answer = ""
    for _ in range(REPEATS):
        while select.select([line], [], [], 0)[0] and read_answer(line, seconds):
            pass
        os.write(line, packet)
        answer = read_answer(line, seconds)
        if answer.startswith(wanted):
            return answer
        if answer.startswith("!"):
            sys.exit(f"send_update.py: the device refuses the blob and keeps its model: {answer[1:]}")
    sys.exit(f"send_update.py: no useful answer to {REPEATS} repeats, the last was {answer!r}; try again")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("blob")
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--to", metavar="LINE")
    way.add_argument("--print", action="store_true")
    parser.add_argument("--seconds", type=float, default=10, help="to wait for an answer (default: 10)")
    options = parser.parse_args()
    try:
        with open(options.blob, "rb") as file:
            blob = file.read()
        if options.print:
            sys.stdout.buffer.write(b"".join(line for line, _ in packets(blob)))
            return
        line = open_line(options.to)
    except OSError as error:
        sys.exit(f"send_update.py: {error.filename or options.to}: {error.strerror}")
    for packet, wanted in packets(blob):
        answer = exchange(line, packet, wanted, options.seconds)
    print(answer)


if __name__ == "__main__":
    main()
