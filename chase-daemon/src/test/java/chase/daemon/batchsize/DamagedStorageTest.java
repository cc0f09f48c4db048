package chase.daemon.batchsize;

import static chase.daemon.batchsize.ZeusClient.job;
import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.batchsize.ZeusClient.Trained;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A SQLite file that cannot be used, for whatever reason. */
class DamagedStorageTest {
  @TempDir Path directory;

  private Path file() {
    return directory.resolve("batch-sizes.db");
  }

  private List<String> names() throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(path -> path.getFileName().toString()).toList();
    }
  }

  @Test
  void aFileThatIsNoDatabaseIsSetAsideAndKept() throws Exception {
    String text = "this was never a database, and is longer than a page's header is";
    Files.writeString(file(), text);
    try (TestBatchSizes host = new TestBatchSizes(StudyDatabase.sqlite(file()))) {
      assertThat(host.zeus.register(job("bert")).status()).isEqualTo(201);
    }
    String aside =
        names().stream().filter(name -> name.contains(".damaged-")).findFirst().orElseThrow();
    assertThat(directory.resolve(aside)).hasContent(text);
  }

  @Test
  void aDatabaseThatIsDamagedLaterIsSetAsideByTheNextDaemon() throws Exception {
    try (TestBatchSizes host = new TestBatchSizes(StudyDatabase.sqlite(file()))) {
      host.zeus.register(job("bert"));
    }
    byte[] content = Files.readAllBytes(file());
    for (int i = 200; i < content.length; i++) {
      content[i] = 'x';
    }
    Files.write(file(), content);
    try (TestBatchSizes host = new TestBatchSizes(StudyDatabase.sqlite(file()))) {
      assertThat(host.zeus.register(job("bert")).status()).isEqualTo(201);
      assertThat(host.zeus.next("bert").number()).isEqualTo(1);
    }
    assertThat(names()).anyMatch(name -> name.contains(".damaged-"));
  }

  @Test
  void aLockedDatabaseStopsNoTraining() throws Exception {
    try (TestBatchSizes host = new TestBatchSizes(StudyDatabase.sqlite(file()))) {
      host.zeus.register(job("bert"));
      Trained trial = host.zeus.next("bert");
      try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
          Statement lock = other.createStatement()) {
        lock.execute("BEGIN IMMEDIATE");
        ZeusClient.Reply response = host.zeus.report(trial, 1, 1000, 0.95);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.json().path("stop_train").asBoolean(true)).isFalse();
        assertThat(response.json().path("message").asText()).startsWith("not recorded");
        assertThat(host.zeus.call("DELETE", "/jobs?job_id=bert", "").message())
            .startsWith("503: the database of batch sizes cannot be used: ");
        assertThat(host.zeus.end(trial).status()).isEqualTo(503);
        assertThat(host.service.counts().up()).contains(false);
        lock.execute("ROLLBACK");
      }
      host.advance(Duration.ofSeconds(3));
      assertThat(host.zeus.report(trial, 2, 2000, 0.95).json().path("converged").asBoolean())
          .isTrue();
      assertThat(host.service.counts().failures()).isEqualTo(3);
    }
  }

  @Test
  void aFileOfANewerChaseIsLeftAlone() throws Exception {
    try (TestBatchSizes host = new TestBatchSizes(StudyDatabase.sqlite(file()))) {
      host.zeus.register(job("bert"));
    }
    try (Connection newer = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement change = newer.createStatement()) {
      change.execute("UPDATE chase_schema SET version = 99");
    }
    try (TestBatchSizes host = new TestBatchSizes(StudyDatabase.sqlite(file()))) {
      assertThat(host.zeus.call("DELETE", "/jobs?job_id=bert", "").message())
          .startsWith("503: ")
          .contains("99");
    }
    assertThat(names()).noneMatch(name -> name.contains(".damaged-"));
  }
}
