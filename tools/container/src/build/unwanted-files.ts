/** Kinds of files that have no place in an image, with a word for the message. */
const UNWANTED: readonly { readonly what: string; readonly is: RegExp }[] = [
  {
    what: 'a checkpoint or pickle that only training reads',
    is: /\.(pth?|ckpt|pkl|pickle|joblib|h5|hdf5|npz?|safetensors)$/i,
  },
  { what: 'training code', is: /\.(py|pyc|ipynb)$/i },
  { what: 'a cache', is: /(^|\/)(__pycache__|\.?cache|node_modules)\// },
  { what: 'left behind by the desktop', is: /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini)$/i },
  { what: 'an unfinished or backup copy', is: /(~|\.(tmp|part|crdownload|bak|swp|orig))$/i },
  { what: 'an archive that nothing unpacks', is: /\.(zip|tar|tgz|tar\.gz|7z|rar)$/i },
  { what: 'a hidden file', is: /(^|\/)\./ },
];

/** Files that git needs and that are left out of the image anyway. */
const OF_GIT = /(^|\/)\.git(keep|ignore|attributes)$/;

/**
 * Why a file of `resources/` must not be shipped; undefined: it may.
 *
 * @param path - Relative to the folder, with slashes.
 */
export function unwantedReason(path: string): string | undefined {
  if (OF_GIT.test(path)) return undefined;
  return UNWANTED.find(({ is }) => is.test(path))?.what;
}
