/** Cases on which our message is not Helm's, by reason. A case that becomes equal must go from here. */
export const KNOWN: Readonly<Record<string, readonly string[]>> = {
  "Helm says only that the archive cannot be loaded; ours says what is wrong with it": [
    "archive: zip of text",
    "archive: zip of nothing",
    "archive: cut off",
    "archive: cut off early",
    "archive: Chart.yaml at the root",
    "archive: path to the parent",
    "archive: deep path to the parent",
    "archive: absolute path",
    "archive: drive letter",
    "archive: nothing but the folder",
    "archive: file too large",
  ],
  "Helm names the path of the file, which the loader of bytes does not know": [
    "archive: empty file",
    "archive: no archive",
    "metadata: no Chart.yaml",
  ],
};
