"""quantised/blocks.gguf, quantised/blocks.json, quantised/blocks.bin: blocks of random bits of every readable type"""
import os
import numpy
from common import arguments, folder, write_json

ROWS, BLOCKS = 8, 4   # blocks in a row
# Where the half-precision scales and minima lie in a block, in bytes.
HALVES = {"Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q2_K": [80, 82], "Q3_K": [108],
          "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208]}
# Zeros, subnormals and the largest numbers, both signs, for scale and minimum of the first blocks.
ODD = [(0x0000, 0x3C00), (0x8000, 0x0000), (0x0001, 0x8001), (0x83FF, 0x03FF), (0x7BFF, 0x0001), (0xFBFF, 0x7BFF),
       (0x3C00, 0x8000), (0xB555, 0xB555), (0x0400, 0x7BFF), (0x2E66, 0x8400)]


def finite(rng, kind, count):
    """Random bit patterns of a type, none of them infinite or not a number, subnormals among them."""
    bits = rng.integers(0, 2 ** (8 * numpy.dtype(kind).itemsize), count, dtype=kind)
    exponent = {"<u4": 0x7F800000, "<u2": 0x7C00}[kind]
    bits[bits & exponent == exponent] ^= exponent
    bits[: count // 16] &= ~numpy.array(exponent, dtype=kind)
    return bits


def blocks(rng, name, size):
    count = ROWS * BLOCKS
    raw = rng.integers(0, 256, (count, size), dtype=numpy.uint8)
    raw[10:12], raw[12:14] = 0, 0xFF
    for place, start in enumerate(HALVES[name]):
        halves = finite(rng, "<u2", count)
        halves[: len(ODD)] = [pair[place] for pair in ODD]
        raw[:, start:start + 2] = halves.view(numpy.uint8).reshape(count, 2)
    return raw.reshape(ROWS, BLOCKS * size)


def main():
    from gguf import GGMLQuantizationType as Type, GGUFReader, GGUFWriter
    from gguf.constants import GGML_QUANT_SIZES
    from gguf.quants import dequantize
    out = folder(arguments(__doc__, model=False).parse_args().out, "quantised")
    rng = numpy.random.default_rng(41)
    path = os.path.join(out, "blocks.gguf")
    writer = GGUFWriter(path, "llama")
    writer.add_name("Blocks of random bits")
    writer.add_tensor("F32", finite(rng, "<u4", ROWS * 32).view("<f4").reshape(ROWS, 32))
    writer.add_tensor("F16", finite(rng, "<u2", ROWS * 32).view("<f2").reshape(ROWS, 32))
    wide = (finite(rng, "<u4", ROWS * 32) >> 16).astype("<u2")
    writer.add_tensor("BF16", wide.view(numpy.uint8).reshape(ROWS, 64), raw_dtype=Type.BF16)
    for name in HALVES:
        kind = Type[name]
        writer.add_tensor(name, blocks(rng, name, GGML_QUANT_SIZES[kind][1]), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    index, parts, offset = [], [], 0
    for tensor in GGUFReader(path).tensors:
        shape = [int(size) for size in tensor.shape][::-1]
        values = numpy.ascontiguousarray(dequantize(tensor.data, tensor.tensor_type).reshape(shape), dtype="<f4")
        assert numpy.isfinite(values).all(), tensor.name
        index.append({"name": tensor.name, "type": tensor.tensor_type.name, "shape": shape, "offset": offset, "count": values.size})
        parts.append(values.tobytes())
        offset += values.size
    with open(os.path.join(out, "blocks.bin"), "wb") as stream:
        stream.write(b"".join(parts))
    write_json(os.path.join(out, "blocks.json"), {"model": "blocks.gguf", "values": "blocks.bin", "tensors": index})


main()
