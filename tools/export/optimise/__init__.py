"""Graphs equal to the networks', arranged for what CPUs and ONNX Runtime's kernels do well."""
