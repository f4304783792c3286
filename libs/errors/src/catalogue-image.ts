import { input, system } from './exit-codes.ts';

export const IMAGE_ERRORS = {
  IMAGE_NOT_FOUND: input({
    what: 'the image file does not exist',
    cause: 'a wrong path, or the input was not mounted',
    fix: 'check the path and the mounted folders',
  }),
  IMAGE_UNREADABLE: system({
    what: 'the image file cannot be read',
    cause: 'permissions that shut out the non-root user of the container, or a failing disk',
    fix: 'make the file readable for everyone, for example with `chmod a+r`',
  }),
  IMAGE_NOT_A_FILE: input({
    what: 'the image path is not a regular file',
    cause: 'a folder, a socket or a broken link has the name of an image',
    fix: 'put the image file itself there',
  }),
  IMAGE_EMPTY_FILE: input({
    what: 'the image file is empty',
    cause: 'an interrupted copy or download',
    fix: 'copy the file again',
  }),
  IMAGE_LFS_POINTER: input({
    what: 'the file is a Git LFS pointer, not the image',
    cause: 'the repository was cloned without Git LFS',
    fix: 'run `git lfs pull` and copy the image again',
  }),
  IMAGE_HTML_PAGE: input({
    what: 'the file is a web page, not an image',
    cause: 'a download link that needed a login',
    fix: 'download the image again',
  }),
  IMAGE_IS_DICOM: input({
    what: 'the file is DICOM',
    cause: 'one slice or object of a DICOM series was put where an image volume belongs',
    fix: 'convert the series to .mha or .nii.gz first',
  }),
  IMAGE_UNKNOWN_FORMAT: input({
    what: 'the image format is not recognised',
    cause: 'the file is not MetaImage, NIfTI or TIFF, or its content does not fit its name',
    fix: 'convert it to .mha, .nii.gz or .tif',
  }),
  IMAGE_HEADER_INVALID: input({
    what: 'the image header is invalid',
    cause: 'the file was damaged or written by a faulty program',
    fix: 'write the image again with a tool such as SimpleITK',
  }),
  IMAGE_UNSUPPORTED: input({
    what: 'the image has a feature that is not supported',
    cause: 'the image is not one 3-D scalar volume',
    fix: 'convert it to a single 3-D scalar volume',
  }),
  IMAGE_GEOMETRY_INVALID: input({
    what: 'the image geometry is invalid',
    cause: 'spacing, origin or direction was lost or damaged in a conversion',
    fix: 'write the image again with a valid spacing, origin and orthonormal direction',
  }),
  IMAGE_TRUNCATED: input({
    what: 'the image data ends too early',
    cause: 'an interrupted copy or download, or a full disk when it was written',
    fix: 'copy the file again',
  }),
  IMAGE_DATA_CORRUPT: input({
    what: 'the image data cannot be decompressed',
    cause: 'the file was damaged',
    fix: 'copy the file again',
  }),
  NO_FOREGROUND: input({
    what: 'the image has no foreground to crop to',
    cause: 'a CT that is not in Hounsfield units, or one that shows nothing but air there',
    fix: 'check the values of the image and the limit in the recipe',
  }),
  IMAGE_NOT_FINITE: input({
    what: 'the image holds values that are not finite numbers',
    cause: 'a division by zero or a failed conversion wrote NaN or infinity',
    fix: 'replace these values, for instance by 0, and write the image again',
  }),
  IMAGE_TOO_LARGE: input({
    what: 'the image is larger than this software accepts',
    cause: 'a damaged header or a decompression bomb',
    fix: 'check the image size in the header',
  }),
  IMAGE_OUTSIDE_FOLDER: input({
    what: 'the image header refers to a file outside its folder',
    cause: 'an absolute path, a parent folder or a link in ElementDataFile',
    fix: 'keep the data file beside its header and name it without a folder',
  }),
  IMAGE_DATA_FILE_MISSING: input({
    what: 'the data file that the image header names is missing',
    cause: 'only the header was copied',
    fix: 'copy the data file too, or use .mha which holds both',
  }),
  IMAGE_READER_MISSING: system({
    what: 'the WebAssembly files of the TIFF reader cannot be loaded',
    cause: 'the program was bundled without its pipelines folder',
    fix: 'build again, or convert the image to .mha or .nii.gz',
  }),
  IMAGE_WRITE_FAILED: system({
    what: 'the image could not be written',
    cause: 'no space left, no permission, or a missing folder',
    fix: 'check the folder, its permissions and the free space',
  }),
};
