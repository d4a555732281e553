#!/usr/bin/env python3
"""Verifies a Genesis Archive without Countersign: Python 3's standard library, and openssl for Ed25519.

    verify_genesis.py export DIR --vkey KEY [--vkey KEY ...]       every log of `archive export --format tiles`
    verify_genesis.py proof NAME.tlog-proof --vkey KEY [--entry NAME.entry.json] [--artifact NAME]

A vkey comes by another way than the export. Exit 0: everything is good; 1: something is not, and it is said.
Published rules: RFC 6962 section 2.1; C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-tiles, tlog-proof.
"""
import argparse, base64, hashlib, json, os, pathlib, re, subprocess, tempfile, time

def fail(words):
    raise SystemExit(f"NOT GOOD: {words}")

def sha256(data):
    return hashlib.sha256(data).digest()

def root_of(level):
    """RFC 6962 section 2.1: pairs are joined from the left, and an odd one goes up as it is."""
    while len(level) > 1:
        level = [sha256(b"\x01" + level[i] + level[i + 1]) if i + 1 < len(level) else level[i] for i in range(0, len(level), 2)]
    return level[0] if level else sha256(b"")

def unbase64(text, what):
    data = base64.b64decode(text, validate=True) if text.isascii() else fail(f"{what} is not base64")
    return data if base64.b64encode(data).decode() == text else fail(f"{what} is not canonical base64")

def parse_vkey(text):
    name, claimed, encoded = text.split("+", 2)
    typed = unbase64(encoded, "the vkey")
    return (name, typed[1:]) if len(typed) == 33 and typed[0] == 1 and sha256(name.encode() + b"\n" + typed)[:4].hex() == claimed else fail(f"{text!r} is not the vkey of a log")

def ed25519(key, message, signature):
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("key", "message", "signature")]
        for path, data in zip(paths, (bytes.fromhex("302a300506032b6570032100") + key, message, signature)):
            pathlib.Path(path).write_bytes(data)
        return subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", paths[0], "-rawin", "-in", paths[1], "-sigfile", paths[2]], capture_output=True).returncode == 0

def open_checkpoint(note, keys, where):
    """The log's signature must be there and good; every cosignature of a known console too; other lines are refused."""
    text, _, block = note.decode().rpartition("\n\n")
    text, lines = text + "\n", text.split("\n") + [""]
    block.endswith("\n") and len(lines) == 4 and str(int(lines[1])) == lines[1] or fail(f"{where} is not a checkpoint of three lines and its signatures")
    origin, size, root = lines[0], int(lines[1]), unbase64(lines[2], where)
    origin in keys or fail(f"{where}: no --vkey was given for the log {origin}")
    signed, seen = False, []
    for line in block[:-1].split("\n"):
        dash, name, encoded = line.split(" ")
        data = unbase64(encoded, where)
        key = keys[name] if dash == "—" and name in keys else fail(f"{where}: the line of {name} is of nobody whose key was given")
        if name == origin and data[:4] == sha256(name.encode() + b"\n\x01" + key)[:4] and not signed:
            signed = ed25519(key, text.encode(), data[4:]) or fail(f"{where}: the signature of {name} is not over these bytes")
        elif name != origin and data[:4] == sha256(name.encode() + b"\n\x04" + key)[:4] and len(data) == 76:
            at = int.from_bytes(data[4:12], "big")
            ed25519(key, f"cosignature/v1\ntime {at}\n{text}".encode(), data[12:]) or fail(f"{where}: the cosignature of {name} is not over these bytes")
            seen.append((name, at))
        else:
            fail(f"{where}: the line of {name} is by another key")
    return (origin, size, root, seen) if signed else fail(f"{where} is not signed by its log")

def told(seen):
    return "".join(f", seen by {who} not later than {time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(at))}" for who, at in seen)

def verify_blobs(folder, files, attached):
    """Each attachment beside the logs is named by an entry and is what its name says; those that are not there are counted."""
    for file in files:
        digest, path = hashlib.sha256(), os.path.join(folder, file)
        with open(path, "rb") as data:
            [digest.update(chunk) for chunk in iter(lambda: data.read(1 << 20), b"")]
        digest.hexdigest() == file[-64:] and attached.get(file[-64:]) == {os.path.getsize(path)} or fail(f"{file} is no attachment of an entry, or not those bytes")
    attached and print(f"good: {len(files)} attachments; the bytes of {len(attached) - len({file[-64:] for file in files})} are not here")

def tile_path(level, index, width):
    name = f"{index % 1000:03d}"
    while (index := index // 1000) > 0:
        name = f"x{index % 1000:03d}/{name}"
    return f"tile/{level}/{name}" + ("" if width == 256 else f".p/{width}")

def check_entry(entry, origin, seq, where, attached):
    value = json.loads(entry)
    [attached.setdefault(one["sha256"], set()).add(one["size"]) for one in value["attachments"]]
    return value if value.get("origin") == origin and value.get("seq") == seq and b"\n" not in entry else fail(f"{where} says that it is {value.get('origin')}#{value.get('seq')}")

def verify_log(folder, origin, keys, attached):
    files = {path.relative_to(folder).as_posix() for path in pathlib.Path(folder).rglob("*") if not path.is_dir()}
    def read(path):
        files.discard(path) if path in files else fail(f"{origin}/{path} is missing")
        return pathlib.Path(folder, path).read_bytes()
    (vkey := read("vkey").decode()).endswith("\n") and parse_vkey(vkey[:-1]) == (origin, keys.get(origin)) or fail(f"{origin}/vkey is not the key that was given")
    (name, size, root, seen), leaves = open_checkpoint(read("checkpoint"), keys, f"{origin}/checkpoint"), []
    for index in range((size + 255) // 256):
        width = min(256, size - index * 256)
        bundle, at = read(tile_path("entries", index, width)), 0
        for place in range(width):
            length = int.from_bytes(bundle[at:at + 2], "big")
            entry, at = bundle[at + 2:at + 2 + length], at + 2 + length
            check_entry(entry, origin, index * 256 + place, f"{origin}#{index * 256 + place}", attached) if len(entry) == length else fail(f"{origin}: a bundle is cut")
            leaves.append(sha256(b"\x00" + entry))
        at == len(bundle) or fail(f"{origin}: a bundle goes on after its entries")
    level, hashes = 0, leaves
    while hashes:
        for index in range((len(hashes) + 255) // 256):
            part = hashes[index * 256:(index + 1) * 256]
            read(tile_path(level, index, len(part))) == b"".join(part) or fail(f"{origin}: {tile_path(level, index, len(part))} is not what the entries come to")
        level, hashes = level + 1, [root_of(hashes[i:i + 256]) for i in range(0, len(hashes) // 256 * 256, 256)]
    name == origin and root_of(leaves) == root or fail(f"{origin}: its entries do not come to the root in its checkpoint")
    print(f"good: {origin}, {size} entries{told(seen)}") if not files else fail(f"{origin}: {sorted(files)[0]} is no part of a log")

def verify_proof(path, entry_path, artifact, keys):
    head, _, note = pathlib.Path(path).read_bytes().partition(b"\n\n")
    entry = pathlib.Path(entry_path or path.removesuffix(".tlog-proof") + ".entry.json").read_bytes()
    lines = [line for at, line in enumerate(head.decode().split("\n")) if at != 1 or not line.startswith("extra ")]
    lines[0] == "c2sp.org/tlog-proof@v1" and lines[1] == f"index {int(lines[1][6:])}" or fail(f"{path} is not a transparency log proof")
    index, size_path = int(lines[1][6:]), [unbase64(line, path) for line in lines[2:]]
    origin, size, root, seen = open_checkpoint(note, keys, path)
    at, last, found = index, size - 1, sha256(b"\x00" + entry)
    index < size or fail(f"{path}: there is no entry {index} among {size}")
    for sibling in size_path:  # RFC 9162 section 2.1.3.2
        last > 0 or fail(f"{path}: its path is too long")
        if at % 2 or at == last:
            found = sha256(b"\x01" + sibling + found)
            while at % 2 == 0 and at:
                at, last = at // 2, last // 2
        else:
            found = sha256(b"\x01" + found + sibling)
        at, last = at // 2, last // 2
    last == 0 and found == root or fail(f"{path}: the entry does not stand at {index} of {origin}")
    record = check_entry(entry, origin, index, path, {})["record"]
    artifact and record.get("release_artifacts_sha256", {}).get(os.path.basename(artifact)) != sha256(pathlib.Path(artifact).read_bytes()).hex() and fail(f"{artifact} is not what the entry gives the SHA-256 of")
    print(f"good: {origin}#{index} as of {size} entries{told(seen)}")

if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("what", choices=["export", "proof"]), options.add_argument("--vkey", action="append", default=[])
    [options.add_argument(name) for name in ("path", "--entry", "--artifact")]
    given = options.parse_args()
    try:
        keys = dict(parse_vkey(text.strip()) for text in given.vkey)
        given.what == "proof" and verify_proof(given.path, given.entry, given.artifact, keys)
        files = [path.relative_to(given.path).as_posix() for path in pathlib.Path(given.path).rglob("*") if given.what == "export" and not path.is_dir()]
        logs = [file.removesuffix("/checkpoint") for file in files if file.endswith("/checkpoint")]
        blobs, attached = [file for file in files if re.fullmatch(r"blob/sha256/(?:([0-9a-f]{2})/(?=\1))?[0-9a-f]{64}", file)], {}
        [fail(f"{file} is no part of a log") for file in files if file not in blobs and not any(file.startswith(log + "/") for log in logs)]
        [verify_log(os.path.join(given.path, log), log, keys, attached) for log in logs]
        verify_blobs(given.path, blobs, attached)
        given.what == "export" and not logs and fail(f"{given.path} holds no log")
    except (ValueError, KeyError, AttributeError, IndexError, TypeError, OSError, RecursionError) as cause:
        fail(f"{given.path}: {cause}")
