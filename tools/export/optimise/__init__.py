"""Graphs equal to the networks', arranged for what CPUs and ONNX Runtime's kernels do well.

``segresnet.build(network, roi, metadata)``: MONAI's SegResNet, after ``segresnet.supports``.
``unet.build(network, size, metadata)``: PlainConvUNet, ResidualEncoderUNet, ResidualUNet of
dynamic_network_architectures and STU-Net, without deep supervision; None where there is no such graph.
``resnet.features(...)``: MONAI's ResNet. All take one window at a time (batch 1).
"""
