/** File name endings under which an image is looked for, longest first where one ends another. */
export const IMAGE_EXTENSIONS = ['.mha', '.mhd', '.nii.gz', '.nii', '.tiff', '.tif'] as const;
