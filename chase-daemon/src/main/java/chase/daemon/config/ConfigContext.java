package chase.daemon.config;

import java.nio.file.Path;
import java.util.Map;

/**
 * Around what a configuration is read.
 *
 * @param directory what relative paths begin at: where the file lies
 * @param environment the process's environment variables
 */
record ConfigContext(Path directory, Map<String, String> environment) {}
