"""What other compressors make of short messages and of logs, with a dictionary of the text that mote learned from."""
import os
import subprocess
import tempfile
import zlib

try:
    import brotli  # Debian: python3-brotli
except ImportError:
    brotli = None


def run(*command, data=None):
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout


def zlib_size(dictionary, text):
    coder = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, dictionary[-32768:])
    return len(coder.compress(text) + coder.flush())


def write_files(folder, texts):
    os.mkdir(folder)
    paths = [os.path.join(folder, f"{i:05}") for i in range(len(texts))]
    for path, text in zip(paths, texts):
        with open(path, "wb") as file:
            file.write(text)
    return paths


def trained_dictionary(training):
    """The one of 110 KB that zstd --train makes of texts."""
    with tempfile.TemporaryDirectory() as folder:
        write_files(os.path.join(folder, "train"), training)
        path = os.path.join(folder, "dictionary")
        subprocess.run(["zstd", "-q", "--train", "-r", os.path.join(folder, "train"), "-o", path],
                       stderr=subprocess.DEVNULL, check=True)
        with open(path, "rb") as file:
            return file.read()


def zstd_sizes(dictionary, texts):
    with tempfile.TemporaryDirectory() as folder:
        paths = write_files(os.path.join(folder, "held-out"), texts)
        path = os.path.join(folder, "dictionary")
        with open(path, "wb") as file:
            file.write(dictionary)
        run("zstd", "-q", "-19", "--no-check", "--no-content-size", *(["-D", path] if dictionary else []), "-r",
            os.path.dirname(paths[0]))
        # Both ends know the magic number and the dictionary's, four bytes each.
        known = 8 if dictionary else 4
        return [os.path.getsize(path + ".zst") - known for path in paths]


def brotli_sizes(dictionary, texts, quality):
    """Brotli 1.0, Debian 12's, has no call for a dictionary; but a stream that begins with one and is flushed is the
    same: both ends know these bytes, and only what follows them is sent. Each text is coded in a process of its own,
    which has inherited the encoder behind the dictionary. Of messages quality 9 makes shorter packets than 11."""
    coder = brotli.Compressor(quality=quality)
    begin = coder.process(dictionary) + coder.flush()
    return [size_in_child(coder, begin, dictionary, text) for text in texts]


def size_in_child(coder, begin, dictionary, text):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            rest = coder.process(text) + coder.finish()
            if brotli.decompress(begin + rest) == dictionary + text:
                os.write(writer, len(rest).to_bytes(8, "little"))
                status = 0
        finally:
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader, "rb") as size:
        number = int.from_bytes(size.read(), "little")
    if os.waitpid(child, 0)[1] != 0:
        raise SystemExit("compressors: brotli does not give a text back")
    return number
