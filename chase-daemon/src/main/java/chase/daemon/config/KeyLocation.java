package chase.daemon.config;

/**
 * Where something stands in the configuration.
 *
 * @param file the file's name
 * @param path the key with all keys around it, empty for the whole file
 * @param line its line, counted from 1
 */
record KeyLocation(String file, String path, int line) {
  KeyLocation key(String key, int itsLine) {
    return new KeyLocation(file, path.isEmpty() ? key : path + "." + key, itsLine);
  }

  /** Such as {@code gpu.backend in chase.yaml:12}. */
  @Override
  public String toString() {
    return path.isEmpty() ? file : path + " in " + file + ":" + line;
  }
}
