package chase.zeus.gpu.nvml;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A small load for a GPU that needs nothing but its driver: multiplications without end by
 * libcuda.so.1, whose own compiler turns the text below into code for whatever GPU it is. A program
 * of its own: {@code CudaLoad UUID SECONDS}. Its first line says whether the load runs.
 */
final class CudaLoad {
  /** What its first line begins with when it runs. */
  static final String RUNS = "load on ";

  /** cuda.h, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT. */
  private static final int MULTIPROCESSORS = 16;

  private static final int THREADS = 256;
  private static final int BLOCKS_EACH = 4;
  private static final int ROUNDS = 2_000_000;

  /**
   * Each thread multiplies {@code rounds} times, and stores a result so that nothing is left out.
   */
  private static final String PTX =
      """
      .version 6.0
      .target sm_50
      .address_size 64
      .visible .entry spin(.param .u64 out, .param .u32 rounds)
      {
        .reg .pred %p;
        .reg .f32 %x, %y, %z, %w;
        .reg .b32 %n, %block, %size, %thread, %id;
        .reg .b64 %to, %at;
        ld.param.u64 %to, [out];
        ld.param.u32 %n, [rounds];
        cvta.to.global.u64 %to, %to;
        mov.u32 %block, %ctaid.x;
        mov.u32 %size, %ntid.x;
        mov.u32 %thread, %tid.x;
        mad.lo.u32 %id, %block, %size, %thread;
        cvt.rn.f32.u32 %x, %id;
        mov.f32 %y, 0f3F000000;
        mov.f32 %z, 0f3E800000;
        mov.f32 %w, 0f3F400000;
      again:
        fma.rn.f32 %x, %x, %y, %z;
        fma.rn.f32 %z, %z, %y, %w;
        fma.rn.f32 %w, %w, %y, %x;
        sub.u32 %n, %n, 1;
        setp.ne.u32 %p, %n, 0;
        @%p bra again;
        add.f32 %x, %x, %z;
        add.f32 %x, %x, %w;
        mul.wide.u32 %at, %id, 4;
        add.u64 %at, %to, %at;
        st.global.f32 [%at], %x;
        ret;
      }
      """;

  /** The part of cuda.h that is called; every function returns a CUresult, 0 for success. */
  @SuppressWarnings("MemberName") // the names are the driver's symbols
  interface Cuda extends Library {
    int cuInit(int flags);

    int cuGetErrorName(int code, Pointer text);

    int cuDeviceGetCount(Pointer count);

    int cuDeviceGet(Pointer device, int ordinal);

    int cuDeviceGetUuid(Pointer uuid, int device);

    int cuDeviceGetAttribute(Pointer value, int attribute, int device);

    int cuDevicePrimaryCtxRetain(Pointer context, int device);

    int cuCtxSetCurrent(Pointer context);

    int cuModuleLoadData(Pointer module, Pointer image);

    int cuModuleGetFunction(Pointer function, Pointer module, String name);

    int cuMemAlloc_v2(Pointer address, long bytes);

    int cuLaunchKernel(
        Pointer function,
        int gridX,
        int gridY,
        int gridZ,
        int blockX,
        int blockY,
        int blockZ,
        int sharedBytes,
        Pointer stream,
        Pointer parameters,
        Pointer extra);

    int cuCtxSynchronize();
  }

  private final Cuda cuda;
  private final Memory out = new Memory(16);

  private CudaLoad(Cuda cuda) {
    this.cuda = cuda;
  }

  /** {@code UUID SECONDS}; the driver takes back everything when the process ends. */
  public static void main(String[] arguments) {
    try {
      open("libcuda.so.1")
          .run(arguments[0], Duration.ofSeconds(Long.parseLong(arguments[1])), System.out::println);
    } catch (UnsatisfiedLinkError e) {
      System.out.println("no libcuda.so.1");
    } catch (IllegalStateException e) {
      System.out.println(e.getMessage());
    }
  }

  /** The load by this library. */
  static CudaLoad open(String library) {
    return new CudaLoad(Native.load(library, Cuda.class));
  }

  /**
   * Loads the GPU for so long.
   *
   * @param said receives one line when the load runs
   * @throws IllegalStateException when the driver refuses, with its reason
   */
  void run(String uuid, Duration time, Consumer<String> said) {
    call("cuInit", cuda.cuInit(0));
    int device = device(uuid);
    call("cuDeviceGetAttribute", cuda.cuDeviceGetAttribute(out, MULTIPROCESSORS, device));
    int blocks = BLOCKS_EACH * out.getInt(0);
    call("cuDevicePrimaryCtxRetain", cuda.cuDevicePrimaryCtxRetain(out, device));
    call("cuCtxSetCurrent", cuda.cuCtxSetCurrent(out.getPointer(0)));
    byte[] text = PTX.getBytes(StandardCharsets.US_ASCII);
    Memory image = new Memory(text.length + 1L);
    image.clear();
    image.write(0, text, 0, text.length);
    call("cuModuleLoadData", cuda.cuModuleLoadData(out, image));
    call("cuModuleGetFunction", cuda.cuModuleGetFunction(out, out.getPointer(0), "spin"));
    Pointer spin = out.getPointer(0);
    call("cuMemAlloc", cuda.cuMemAlloc_v2(out, 4L * blocks * THREADS));
    Memory values = new Memory(16);
    values.setLong(0, out.getLong(0));
    values.setInt(8, ROUNDS);
    Memory parameters = new Memory(16);
    parameters.setPointer(0, values);
    parameters.setPointer(8, values.share(8));
    String runs = CardReport.text("%s%s: %d blocks of %d threads", RUNS, uuid, blocks, THREADS);
    long end = System.nanoTime() + time.toNanos();
    for (int i = 0; System.nanoTime() < end; i++) {
      call(
          "cuLaunchKernel",
          cuda.cuLaunchKernel(
              spin, blocks, 1, 1, THREADS, 1, 1, 0, Pointer.NULL, parameters, Pointer.NULL));
      call("cuCtxSynchronize", cuda.cuCtxSynchronize());
      if (i == 0) {
        said.accept(runs);
      }
    }
  }

  /** The device of this UUID: CUDA counts in another order than NVML. */
  private int device(String uuid) {
    call("cuDeviceGetCount", cuda.cuDeviceGetCount(out));
    int count = out.getInt(0);
    for (int i = 0; i < count; i++) {
      call("cuDeviceGet", cuda.cuDeviceGet(out, i));
      int device = out.getInt(0);
      call("cuDeviceGetUuid", cuda.cuDeviceGetUuid(out, device));
      if (uuid.equals(text(out.getByteArray(0, 16)))) {
        return device;
      }
    }
    throw new IllegalStateException("CUDA does not show " + uuid);
  }

  private static String text(byte[] uuid) {
    StringBuilder text = new StringBuilder("GPU-");
    for (int i = 0; i < uuid.length; i++) {
      text.append(i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "")
          .append(String.format(Locale.ROOT, "%02x", uuid[i]));
    }
    return text.toString();
  }

  private void call(String name, int code) {
    if (code != 0) {
      Memory error = new Memory(Native.POINTER_SIZE);
      String why =
          cuda.cuGetErrorName(code, error) == 0
              ? Optional.ofNullable(error.getPointer(0)).map(at -> at.getString(0)).orElse("")
              : "";
      throw new IllegalStateException(
          CardReport.text("%s returned %d %s", name, code, why).strip());
    }
  }
}
