package chase.daemon.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Where a GPU is found under {@code /v1}. */
final class GpuPath {
  static final String DESCRIPTION = "Its index, its UUID, or an unambiguous start of that.";

  private GpuPath() {}

  /** The path of the GPU that the user calls {@code name}. */
  static String gpu(String name) {
    return "/gpus/" + encoded(name);
  }

  /** {@code name} as a part of a path or query. */
  static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
