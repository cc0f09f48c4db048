package chase.zeus.gpu.nvml;

import chase.zeus.gpu.GpuException;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How many bytes the driver writes where Chase expects a structure or a number of a certain size.
 * Memory larger than that is filled with a pattern, twice with different ones, and what changed was
 * written. A driver that writes further than expected has another layout than Chase knows.
 */
final class StructSizes {
  private static final Pattern BUS_ID =
      Pattern.compile("[0-9A-F]{8}:[0-9A-F]{2}:[0-9A-F]{2}\\.[0-7]");
  private static final int SPARE = 512;
  private static final byte[] PATTERNS = {(byte) 0xA5, 0x5A};

  /** A call that fills memory and returns the driver's code. */
  interface Filler {
    int fill(Pointer memory) throws GpuException;
  }

  /**
   * What a call wrote.
   *
   * @param name the structure or the function
   * @param expected the size that Chase expects, bytes
   * @param written how far the driver wrote, bytes
   * @param code what it returned
   * @param remark what is wrong beside the size, or worth knowing
   * @param wrong whether Chase would misread it
   */
  record Seen(String name, int expected, int written, int code, String remark, boolean wrong) {}

  private final List<Seen> seen = new ArrayList<>();

  List<Seen> seen() {
    return List.copyOf(seen);
  }

  /** Calls twice and notes how far was written; the memory of the second call is returned. */
  Memory measure(String name, int expected, Filler filler) throws GpuException {
    Memory memory = new Memory(expected + SPARE);
    int written = 0;
    int code = 0;
    for (byte pattern : PATTERNS) {
      memory.setMemory(0, memory.size(), pattern);
      code = filler.fill(memory);
      written = Math.max(written, changed(memory, pattern));
    }
    boolean wrong = written > expected;
    seen.add(new Seen(name, expected, written, code, wrong ? "writes further" : "", wrong));
    return memory;
  }

  private static int changed(Memory memory, byte pattern) {
    int last = (int) memory.size();
    while (last > 0 && memory.getByte(last - 1L) == pattern) {
      last--;
    }
    return last;
  }

  private void remark(String remark, boolean wrong) {
    Seen last = seen.removeLast();
    seen.add(
        new Seen(last.name, last.expected, last.written, last.code, remark, wrong || last.wrong));
  }

  private boolean succeeded() {
    return seen.getLast().code == NvmlReturn.SUCCESS;
  }

  /** Measures everything that Chase reads of a GPU. */
  void measureAll(NvmlDriver driver, Pointer gpu) throws GpuException {
    NvmlLibrary nvml = driver.library();
    for (NvmlQuery query : NvmlQuery.values()) {
      if (!driver.missingQueries().contains(query)) {
        measure(query.symbol() + " " + query, size(query), out -> query.call(nvml, gpu, out));
      }
    }
    busId(measure("nvmlPciInfo_t", 68, out -> nvml.nvmlDeviceGetPciInfo_v3(gpu, out)));
    if (driver.supportsFieldValues()) {
      fields(nvml, gpu);
    }
    processes(driver, gpu);
    if (driver.supportsGpm()) {
      counters(nvml, gpu);
    }
  }

  /** Two results of 8 bytes are kept apart, see {@link NvmlQuery}. */
  private static int size(NvmlQuery query) {
    return switch (query) {
      case ENERGY, EVENT_REASONS, THROTTLE_REASONS, UTILIZATION -> 8;
      case MIN_LIMIT, MAX_LIMIT, MIG_MODE -> 12;
      default -> 4;
    };
  }

  private void busId(Memory pci) {
    if (succeeded()) {
      String id = pci.getString(36);
      boolean right = BUS_ID.matcher(id).matches();
      remark(right ? "bus id at 36" : "no bus id at 36", !right);
    }
  }

  /** nvmlFieldValue_t: ids stay where they are, codes and types are known, times are now. */
  private void fields(NvmlLibrary nvml, Pointer gpu) throws GpuException {
    int[] ids = {83, 186, 190, 192};
    Memory values =
        measure(
            "nvmlFieldValue_t x " + ids.length,
            40 * ids.length,
            out -> {
              for (int i = 0; i < ids.length; i++) {
                out.setInt(40L * i, ids[i]);
                out.setInt(40L * i + 4, 0);
              }
              return nvml.nvmlDeviceGetFieldValues(gpu, ids.length, out);
            });
    if (!succeeded()) {
      return;
    }
    List<String> answers = new ArrayList<>();
    boolean wrong = false;
    long now = Instant.now().toEpochMilli();
    for (int i = 0; i < ids.length; i++) {
      long at = 40L * i;
      int code = values.getInt(at + 28);
      wrong |= values.getInt(at) != ids[i] || code < 0 || code > NvmlReturn.UNKNOWN;
      if (code == NvmlReturn.SUCCESS) {
        int type = values.getInt(at + 24);
        wrong |= type < 0 || type > 6;
        answers.add(ids[i] + " type " + type);
        long aside = Math.abs(values.getLong(at + 8) / 1000 - now);
        if (aside > 60_000) {
          answers.add("its time is " + aside / 1000 + " s from now");
        }
      } else {
        answers.add(ids[i] + " code " + code);
      }
    }
    remark(String.join(", ", answers), wrong);
  }

  /** Entries of the process list: whole ones, each with a pid. */
  private void processes(NvmlDriver driver, Pointer gpu) throws GpuException {
    Optional<NvmlProcesses.ListVersion> version = driver.processListVersion();
    if (version.isEmpty()) {
      return;
    }
    int size = version.get() == NvmlProcesses.ListVersion.V1 ? 16 : 24;
    NvmlLibrary nvml = driver.library();
    int capacity = 64;
    Memory count = new Memory(Integer.BYTES);
    Memory list =
        measure(
            "nvmlProcessInfo_t x " + capacity + " (" + version.get() + ")",
            size * capacity,
            out -> {
              count.setInt(0, capacity);
              return switch (version.get()) {
                case V3 -> nvml.nvmlDeviceGetComputeRunningProcesses_v3(gpu, count, out);
                case V2 -> nvml.nvmlDeviceGetComputeRunningProcesses_v2(gpu, count, out);
                case V1 -> nvml.nvmlDeviceGetComputeRunningProcesses(gpu, count, out);
              };
            });
    if (succeeded()) {
      int found = count.getInt(0);
      boolean wrong = seen.getLast().written > size * found;
      for (int i = 0; i < Math.min(found, capacity); i++) {
        wrong |= list.getInt((long) size * i) <= 0;
      }
      remark(found + " processes", wrong);
    }
  }

  /** Counters: their versions, which hold no size, and the list of metrics. */
  private void counters(NvmlLibrary nvml, Pointer gpu) throws GpuException {
    Memory support =
        measure(
            "nvmlGpmSupport_t, version 1",
            8,
            out -> {
              out.setInt(0, 1);
              return nvml.nvmlGpmQueryDeviceSupport(gpu, out);
            });
    if (!succeeded() || support.getInt(Integer.BYTES) == 0) {
      remark(succeeded() ? "no counters" : "refused", false);
      return;
    }
    remark("counters", false);
    Memory samples = new Memory(2L * Long.BYTES);
    for (int i = 0; i < 2; i++) {
      if (nvml.nvmlGpmSampleAlloc(samples.share((long) Long.BYTES * i)) != NvmlReturn.SUCCESS) {
        return;
      }
    }
    Pointer first = samples.getPointer(0);
    Pointer second = samples.getPointer(Long.BYTES);
    nvml.nvmlGpmSampleGet(gpu, first);
    Pauses.milliseconds(250);
    nvml.nvmlGpmSampleGet(gpu, second);
    GpmReader.Pipe[] pipes = GpmReader.Pipe.values();
    Memory metrics =
        measure(
            "nvmlGpmMetricsGet_t, version 1, " + pipes.length + " metrics",
            24 + 40 * pipes.length,
            out -> {
              out.setInt(0, 1);
              out.setInt(4, pipes.length);
              out.setPointer(8, first);
              out.setPointer(16, second);
              for (int i = 0; i < pipes.length; i++) {
                out.setInt(24 + 40L * i, pipes[i].metric());
              }
              return nvml.nvmlGpmMetricsGet(out);
            });
    if (succeeded()) {
      pipes(metrics, pipes);
    }
    nvml.nvmlGpmSampleFree(first);
    nvml.nvmlGpmSampleFree(second);
  }

  private void pipes(Memory metrics, GpmReader.Pipe[] pipes) {
    List<String> answers = new ArrayList<>();
    boolean wrong = false;
    for (int i = 0; i < pipes.length; i++) {
      int code = metrics.getInt(24 + 40L * i + 4);
      double percent = metrics.getDouble(24 + 40L * i + 8);
      wrong |= metrics.getInt(24 + 40L * i) != pipes[i].metric();
      wrong |= code == NvmlReturn.SUCCESS && !(percent >= 0 && percent <= 100);
      answers.add(
          pipes[i]
              + (code == NvmlReturn.SUCCESS ? " " + Math.round(percent) + " %" : " code " + code));
    }
    remark(String.join(", ", answers), wrong);
  }

  void addTo(CardReport report) {
    report.section("Structures and numbers");
    report.line(
        "Bytes that the driver writes, against those that Chase expects. Fewer are right too: a"
            + " number of 4 bytes in a union of 8, and the names of metrics, which it need not fill"
            + " in. More are wrong.\n");
    report.table("what", "expected", "written", "code", "remark");
    for (Seen one : seen) {
      report.row(
          "`" + one.name + "`",
          one.expected,
          one.written,
          one.code,
          one.wrong ? "**wrong** " + one.remark : one.remark);
    }
    List<String> wrong = seen.stream().filter(Seen::wrong).map(Seen::name).toList();
    if (wrong.isEmpty()) {
      long unreported = seen.stream().filter(one -> one.code != NvmlReturn.SUCCESS).count();
      report.phrase(
          CardReport.text(
              "%d structures and numbers as expected%s",
              seen.size() - unreported,
              unreported == 0 ? "" : " (" + unreported + " not reported)"));
    } else {
      report.fault("another layout: " + String.join(", ", wrong));
    }
  }
}
