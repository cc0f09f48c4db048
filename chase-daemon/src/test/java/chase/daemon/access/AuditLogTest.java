package chase.daemon.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.daemon.access.AuditLog.AuditedLimit;
import chase.daemon.host.SocketPeer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
  private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

  @TempDir Path directory;
  private final AtomicInteger written = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();
  private final List<AuditLog> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(AuditLog::close);
  }

  private AuditLog log(AuditFile file) {
    AuditLog log =
        new AuditLog(file, () -> NOON, (well, lines) -> (well ? written : lost).addAndGet(lines));
    open.add(log);
    return log;
  }

  private AuditFile file(long maxBytes, int keep) {
    return new AuditFile(directory.resolve("audit.log"), maxBytes, keep);
  }

  private static AuditLine line(long uid, String request) {
    return line(uid, request, NOON);
  }

  private static AuditLine line(long uid, String request, Instant at) {
    Caller caller =
        new Caller(
            Optional.of(
                new SocketPeer(
                    "u" + uid, Optional.of(uid), Optional.empty(), Set.of(), Optional.empty())),
            Optional.of(Role.JOB));
    return AuditLine.request(
        at,
        caller,
        Optional.empty(),
        request,
        Optional.empty(),
        Optional.of(200),
        Optional.empty());
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(directory.resolve("audit.log"));
  }

  @Test
  void aLineIsOnTheDiskForItsOwnerAndItsGroup() throws IOException {
    AuditLog log = log(file(1000, 2));
    log.add(line(1001, "POST /v1/jobs"));
    log.close();

    assertThat(lines())
        .containsExactly(
            "{\"at\":\"2026-11-30T12:00:00Z\",\"kind\":\"request\",\"user\":\"u1001\","
                + "\"uid\":1001,\"role\":\"job\",\"request\":\"POST /v1/jobs\",\"status\":200,"
                + "\"outcome\":\"done\"}");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("audit.log"))))
        .isEqualTo("rw-r-----");
    assertThat(written).hasValue(1);
  }

  @Test
  void aUserWhoFloodsTheLogLosesNobodyElsesLines() throws IOException {
    AuditLog log = log(file(1_000_000, 1));
    IntStream.range(0, 100_000).forEach(i -> log.add(line(1001, "POST /flood")));
    log.add(line(1002, "PUT /v1/policy"));
    log.close();

    assertThat(lost).hasValue(0);
    assertThat(lines()).anyMatch(line -> line.contains("PUT /v1/policy"));
    assertThat(lines()).filteredOn(line -> line.contains("POST /flood")).hasSize(120);
    assertThat(lines()).anyMatch(line -> line.contains("\"count\":99880"));
  }

  @Test
  void usersWhoAskAtOnceAreCountedExactly() throws Exception {
    int threads = 4;
    int each = 20_000;
    AuditLog log = log(file(10_000_000, 1));
    CyclicBarrier start = new CyclicBarrier(threads);
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<Boolean>> askers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        askers.add(
            pool.submit(() -> {
              start.await();
              IntStream.range(0, each).forEach(ask -> log.add(line(ask % 10, "POST /")));
              return true;
            }));
      }
      for (Future<Boolean> asker : askers) {
        assertThat(asker.get()).isTrue();
      }
    }
    log.close();

    assertThat(lost).hasValue(0);
    assertThat(lines()).filteredOn(line -> line.contains("POST /")).hasSize(10 * 120);
    assertThat(lines())
        .filteredOn(line -> line.contains("\"count\":" + (threads * each / 10 - 120)))
        .hasSize(10);
  }

  @Test
  void whateverFailsAsALineIsWrittenLaterOnesAreWritten() throws IOException {
    AtomicInteger failures = new AtomicInteger();
    AuditLog log =
        new AuditLog(
            file(1000, 2),
            () -> NOON,
            (well, lines) -> {
              if (failures.incrementAndGet() <= 2) {
                throw new IllegalStateException("the counter is broken");
              }
              written.addAndGet(lines);
            });
    open.add(log);
    log.add(line(1001, "POST /1"));
    await().until(() -> failures.get() == 2);
    log.add(line(1001, "POST /2"));
    await().until(() -> written.get() == 1);
    log.close();

    assertThat(lines()).hasSize(2);
  }

  @Test
  void whatAClientWritesIsNeverALineOfItsOwn() throws IOException {
    String forged = "PUT /\n{\"user\":\"root\"}\r\u2028\u001b[2J\u0000\"";
    AuditLog log = log(file(10_000, 2));
    log.add(line(1001, forged));
    log.close();

    assertThat(lines()).hasSize(1);
    assertThat(lines().getFirst()).matches("[\\x20-\\x7e]+");
    assertThat(new JsonMapper().readTree(lines().getFirst()).path("request").asText())
        .isEqualTo(forged);
  }

  @Test
  void aLimitNamesWhoCausedItAndWhatWasReadBack() {
    AuditedLimit before = new AuditedLimit(0, "GPU-1", Optional.of(700.0), Optional.of(700.0), "x");
    AuditedLimit after =
        new AuditedLimit(
            0, "GPU-1", Optional.of(300.0), Optional.of(300.0), "an operator holds it");

    assertThat(AuditLine.limit(line(1001, "PUT /o"), before, after).json())
        .contains(
            "\"kind\":\"limit\",\"user\":\"u1001\",\"uid\":1001",
            "\"gpu\":\"GPU-1\",\"old_watts\":700.0,\"new_watts\":300.0,\"read_back_watts\":300.0,"
                + "\"why\":\"an operator holds it\"");
  }

  @Test
  void aFileThatIsFullMakesRoomAndSoManyOlderOnesStay() throws IOException {
    AuditFile file = file(300, 2);
    for (int i = 0; i < 20; i++) {
      file.append(List.of(line(1001, "POST /" + i).json()));
    }

    assertThat(directory.toFile().list())
        .containsExactlyInAnyOrder("audit.log", "audit.log.1", "audit.log.2");
    assertThat(Files.size(directory.resolve("audit.log.1"))).isLessThanOrEqualTo(300);
    assertThat(file.newest(3))
        .extracting(line -> line.replaceAll(".*POST /(\\d+).*", "$1"))
        .containsExactly("17", "18", "19");
  }

  @Test
  void aLineThatAFullDiskCutOffSpoilsNoOther() throws IOException {
    Files.writeString(directory.resolve("audit.log"), "{\"at\":\"2026-");
    file(1000, 2).append(List.of(line(1001, "POST /next").json()));

    assertThat(lines()).hasSize(2);
    assertThat(lines().get(1)).contains("POST /next");
  }

  @Test
  void aLinkInItsPlaceIsNotFollowed() throws IOException {
    Path precious = Files.writeString(directory.resolve("precious"), "");
    Files.createSymbolicLink(directory.resolve("audit.log"), precious);
    AuditLog log = log(file(1000, 2));
    log.add(line(1001, "POST /"));
    log.close();

    assertThat(precious).isEmptyFile();
    assertThat(lost).hasValue(1);
  }

  @Test
  void whereItCannotBeWrittenLinesAreCountedAsLostAndLaterOnesAreWritten() throws IOException {
    Path missing = directory.resolve("later");
    AuditLog log = log(new AuditFile(missing.resolve("audit.log"), 1000, 2));
    log.add(line(1001, "POST /1"));
    await().until(() -> lost.get() == 1);
    Files.createDirectory(missing);
    log.add(line(1001, "POST /2"));
    await().until(() -> written.get() == 1);

    assertThat(Files.readAllLines(missing.resolve("audit.log"))).hasSize(1);
  }

  @Test
  void oneUserCannotDriveTheLinesOfOthersOut() throws IOException {
    AuditLog log = log(file(10_000_000, 2));
    IntStream.range(0, 1000).forEach(i -> log.add(line(1001, "POST /" + i)));
    log.add(line(1002, "POST /other"));
    log.add(line(1001, "POST /next", NOON.plus(Duration.ofMinutes(1))));
    log.close();

    assertThat(lines()).hasSize(AuditLog.LINES_A_MINUTE + 3);
    assertThat(lines())
        .anyMatch(line -> line.contains("POST /other"))
        .anyMatch(line ->
            line.contains("\"kind\":\"more\",\"user\":\"uid 1001\"")
                && line.contains("\"count\":" + (1000 - AuditLog.LINES_A_MINUTE)));
  }
}
