"""Trained model folders of nnU-Net v2, read without the package nnunetv2."""
