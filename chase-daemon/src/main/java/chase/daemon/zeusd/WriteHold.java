package chase.daemon.zeusd;

import chase.daemon.events.CommandFailed;
import chase.daemon.events.CommandRefused;
import chase.zeus.gpu.GpuException;
import java.util.Optional;

/**
 * Why Chase keeps a GPU from what a client set, although the request is right and the driver does
 * not refuse it. Zeus's library lets a training die at every error, so that such a request is
 * answered as done, with this beside it.
 */
final class WriteHold {
  private WriteHold() {}

  /**
   * Why Chase did not do what was asked; empty where the request is wrong or the driver refused,
   * which zeusd answers with an error too.
   */
  static Optional<String> of(Throwable failure) {
    return Optional.of(failure)
        .filter(WriteHold::isOurs)
        .map(ours -> String.valueOf(ours.getMessage()));
  }

  private static boolean isOurs(Throwable failure) {
    return switch (failure) {
      case CommandRefused refused ->
          switch (refused.refusal().cause()) {
            case CONFLICT, NOT_WRITABLE -> true;
            case UNKNOWN_GPU, UNKNOWN_JOB, JOB_ENDED, OUT_OF_RANGE -> false;
          };
      case CommandFailed failed -> !failed.refused();
      case GpuException e -> e.kind() != GpuException.Kind.REFUSED;
      case IllegalArgumentException e -> false;
      default -> true;
    };
  }

  /** Whether neither the request nor the driver nor an operator explains it. */
  static boolean isBug(Throwable failure) {
    return !(failure instanceof CommandRefused
        || failure instanceof CommandFailed
        || failure instanceof GpuException
        || failure instanceof IllegalArgumentException);
  }
}
