/** The part of Nx's virtual file tree that is used here; paths are relative to the workspace. */
export interface Tree {
  readonly root: string;
  exists(path: string): boolean;
  isFile(path: string): boolean;
  children(path: string): string[];
  read(path: string): Buffer | null;
  write(path: string, content: Buffer | string): void;
}

/** Every file below a folder of the tree, sorted. */
export function filesOf(tree: Tree, folder: string): string[] {
  return tree
    .children(folder)
    .map((name) => `${folder}/${name}`)
    .flatMap((path) => (tree.isFile(path) ? [path] : filesOf(tree, path)))
    .sort();
}
