"""Philox 4x32-10 in NumPy (Salmon et al. 2011) and the two mappings to numbers that the program uses. Written independently of src/base/random.ts."""

import numpy as np

MASK = np.uint64(0xFFFFFFFF)


def philox(key, counter):
    """key: two words; counter: four arrays (or numbers) of equal length. Gives uint32 [n, 4]."""
    c = [np.atleast_1d(np.asarray(word, dtype=np.uint64)) & MASK for word in counter]
    c = list(np.broadcast_arrays(*c))
    k0, k1 = int(key[0]) & 0xFFFFFFFF, int(key[1]) & 0xFFFFFFFF
    for _ in range(10):
        p0 = c[0] * np.uint64(0xD2511F53)
        p1 = c[2] * np.uint64(0xCD9E8D57)
        c = [
            (p1 >> np.uint64(32)) ^ c[1] ^ np.uint64(k0),
            p1 & MASK,
            (p0 >> np.uint64(32)) ^ c[3] ^ np.uint64(k1),
            p0 & MASK,
        ]
        k0 = (k0 + 0x9E3779B9) & 0xFFFFFFFF
        k1 = (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return np.stack(c, axis=1).astype(np.uint32)


def hash32(text):
    """FNV-1a over the text's characters."""
    value = 0x811C9DC5
    for character in text:
        value = ((value ^ ord(character)) * 0x01000193) & 0xFFFFFFFF
    return value


def stream_words(seed, stream, count):
    """The first words of src/base/random.ts's stream (seed, name)."""
    key = (seed, hash32(stream) if isinstance(stream, str) else stream)
    blocks = np.arange((count + 3) // 4, dtype=np.uint64)
    return philox(key, [blocks, 0, 0, 0]).reshape(-1)[:count]


def stream_uniforms(seed, stream, count, low=0.0, high=1.0):
    return low + (stream_words(seed, stream, count).astype(np.float64) + 0.5) / 2.0**32 * (high - low)


def stream_normals(seed, stream, count, mean=0.0, deviation=1.0):
    """Two words a number, as Random.normal."""
    u = stream_uniforms(seed, stream, 2 * count).reshape(-1, 2)
    return mean + deviation * np.sqrt(-2 * np.log(u[:, 0])) * np.cos(2 * np.pi * u[:, 1])


def op_random(seed, step, stream, count, distribution):
    """The graph's op `random`."""
    blocks = np.arange((count + 3) // 4, dtype=np.uint64)
    words = philox((seed, stream), [blocks, step, 0, 0]).astype(np.float64)
    u = (np.floor(words / 512) + 0.5) * 2.0**-23
    if distribution == "uniform":
        return u.reshape(-1)[:count]
    radius = np.sqrt(-2 * np.log(u[:, 0::2]))
    angle = 2 * np.pi * u[:, 1::2]
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=2).reshape(-1)[:count]
