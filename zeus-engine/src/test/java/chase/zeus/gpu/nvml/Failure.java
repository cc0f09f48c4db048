package chase.zeus.gpu.nvml;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chase.zeus.gpu.GpuException;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What a call failed with. */
record Failure(GpuException.Kind kind, String message) {
  static Failure failureOf(ThrowingCallable call) {
    GpuException failure = catchThrowableOfType(GpuException.class, call);
    Objects.requireNonNull(failure, "the call should have failed");
    return new Failure(failure.kind(), String.valueOf(failure.getMessage()));
  }
}
