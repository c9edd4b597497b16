#!/usr/bin/env python3
"""watch_resets.py FIRMWARE.elf FLASH LOG RESETS [SEED]: sends the lines of LOG to the example watch on an emulated
Cortex-M4 whose flash is the file FLASH, and cuts its power RESETS times, at random instants. After each it goes on with
the line that the firmware asks for. What the firmware had saved must still be there, and a line must be answered the
same each time that it is sent. Prints the answers, each line's once, and at the end what the firmware prints."""
import os
import random
import socket
import subprocess
import sys
import tempfile
import time

RUN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../platform/boards/mps2-an386/run")
FLASH_BYTES = 16 * 1024 * 1024
LINES_OF_A_SAVE = 8
END_OF_TRANSMISSION = b"\x04"


class PowerCut(Exception):
    pass


class Board:
    """The firmware from switching on, until its power is cut after so many seconds; None: never."""

    def __init__(self, firmware, flash, seconds):
        self.folder = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with
        path = os.path.join(self.folder.name, "uart")
        options = (f"-object memory-backend-file,id=flash,size={FLASH_BYTES},mem-path={flash},share=on "
                   f"-machine memory-backend=flash -chardev socket,path={path},id=uart,server=on,wait=on "
                   "-serial chardev:uart")
        # pylint: disable=consider-using-with
        self.process = subprocess.Popen([RUN, firmware], env={**os.environ, "MOTE_EMULATE_OPTIONS": options},
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.line = socket.socket(socket.AF_UNIX)
        while self.line.connect_ex(path) != 0:
            if self.process.poll() is not None:
                sys.exit("watch_resets.py: the emulator does not start")
            time.sleep(0.005)
        self.received = b""
        self.end = None if seconds is None else time.monotonic() + seconds

    def send(self, data):
        try:
            self.line.sendall(data)
        except OSError:
            sys.exit("watch_resets.py: the firmware has ended: " + self.process.communicate()[0])

    def answer(self):
        while b"\n" not in self.received:
            left = 60 if self.end is None else self.end - time.monotonic()
            self.line.settimeout(max(left, 1e-6))
            try:
                data = self.line.recv(4096)
            except TimeoutError:
                if self.end is None:
                    sys.exit("watch_resets.py: no answer for a minute")
                raise PowerCut from None
            if not data:
                sys.exit("watch_resets.py: the firmware has ended: " + self.process.communicate()[0])
            self.received += data
        line, self.received = self.received.split(b"\n", 1)
        return line.decode()

    def cut(self):
        self.process.kill()
        self.process.communicate()
        self.line.close()
        self.folder.cleanup()

    def finish(self):
        """What it prints when it has ended by itself."""
        self.send(END_OF_TRANSMISSION)
        printed = self.process.communicate()[0]
        self.folder.cleanup()
        return printed


class Sender:
    def __init__(self, lines):
        self.lines = lines
        self.answers = []
        self.ready = 0

    def begin(self, board):
        """Takes the firmware's word for what it knows, which must be all that it had saved."""
        word, known = board.answer().split()
        saved = max(self.ready, max(len(self.answers) - 1, 0) // LINES_OF_A_SAVE * LINES_OF_A_SAVE)
        if word != "ready" or not saved <= int(known) <= len(self.answers):
            sys.exit(f"watch_resets.py: it knows {known} lines after it had saved {saved} and answered {len(self.answers)}")
        self.ready = int(known)

    def go_on(self, board):
        """Until all lines are answered."""
        self.begin(board)
        for number in range(self.ready, len(self.lines)):
            board.send(self.lines[number] + b"\n")
            answer = board.answer()
            if number < len(self.answers) and answer != self.answers[number]:
                sys.exit(f"watch_resets.py: line {number + 1} was \"{self.answers[number]}\", and is \"{answer}\" now")
            if number == len(self.answers):
                self.answers.append(answer)


def main():
    if len(sys.argv) not in (5, 6):
        sys.exit(__doc__)
    firmware, flash, log, resets = sys.argv[1:5]
    chance = random.Random(int(sys.argv[5]) if len(sys.argv) > 5 else 1)
    with open(log, "rb") as file:
        sender = Sender(file.read().splitlines())
    for number in range(int(resets)):
        board = Board(firmware, flash, chance.uniform(0.0, 0.3))
        try:
            sender.go_on(board)
            sys.exit(f"watch_resets.py: all lines were answered after {number} resets; give more lines")
        except PowerCut:
            board.cut()
    board = Board(firmware, flash, None)
    sender.go_on(board)
    print("\n".join(sender.answers))
    print(board.finish(), end="")


if __name__ == "__main__":
    main()
