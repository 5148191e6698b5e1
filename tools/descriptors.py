"""Writes the Spark Connect and Delta Connect message descriptors of the installed clients as one FileDescriptorSet.

    python descriptors.py OUT.fds        prints the .proto names to generate, one per line

No .proto file is copied: protoc reads the serialized descriptors that the Python packages carry.
"""

import importlib
import pathlib
import sys
import types

from google.protobuf import descriptor_pb2

SPARK = "base commands relations expressions types catalog common ml ml_common pipelines".split()
DELTA = "base commands relations".split()


def import_without_package_init(package: str, module: str):
    """Imports package.module, skipping the __init__ of the parents (they import pandas, grpc, …)."""
    parts = package.split(".")
    path = [root for root in map(pathlib.Path, sys.path) if (root / parts[0]).is_dir()]
    for depth in range(1, len(parts) + 1):
        name = ".".join(parts[:depth])
        if name not in sys.modules:
            stub = types.ModuleType(name)
            stub.__path__ = [str(path[0].joinpath(*parts[:depth]))]
            sys.modules[name] = stub
    return importlib.import_module(f"{package}.{module}")


def main() -> None:
    seen: dict[str, descriptor_pb2.FileDescriptorProto] = {}

    def add(descriptor) -> None:
        if descriptor.name in seen:
            return
        for dependency in descriptor.dependencies:
            add(dependency)
        copy = descriptor_pb2.FileDescriptorProto()
        descriptor.CopyToProto(copy)
        # An editions file of a newer protoc would not load in the distribution's protoc; these are proto3.
        seen[descriptor.name] = copy

    for module in SPARK:
        add(import_without_package_init("pyspark.sql.connect.proto", f"{module}_pb2").DESCRIPTOR)
    for module in DELTA:
        add(import_without_package_init("delta.connect.proto", f"{module}_pb2").DESCRIPTOR)
    with open(sys.argv[1], "wb") as out:
        out.write(descriptor_pb2.FileDescriptorSet(file=list(seen.values())).SerializeToString())
    print("\n".join(name for name in seen if not name.startswith("google/")))


if __name__ == "__main__":
    main()
