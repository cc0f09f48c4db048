package chase.daemon.control;

import static chase.daemon.control.ControlClient.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.daemon.access.Access;
import chase.daemon.access.AccessRules;
import chase.daemon.access.AccessRules.SocketAudience;
import chase.daemon.events.Notification;
import chase.daemon.events.Topic;
import chase.daemon.fixtures.TestAccess;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.host.UserDatabase;
import chase.daemon.http.FailureCounter;
import chase.daemon.ledger.Ledger;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketFileTest {
  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);
  private final Path directory;
  private final Path socket;

  SocketFileTest(@TempDir Path directory) {
    this.directory = directory;
    this.socket = directory.resolve("chase.sock");
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void aSocketIsAsClosedAsTheRolesAllow() throws IOException {
    Object own = Files.getAttribute(directory, "unix:gid");

    assertThat(rightsFor(new SocketAudience.Owner())).isEqualTo("rw-------");
    assertThat(rightsFor(new SocketAudience.Group(own.toString()))).isEqualTo("rw-rw----");
    assertThat(Files.getAttribute(socket, "unix:gid")).isEqualTo(own);
    assertThat(rightsFor(new SocketAudience.Everybody())).isEqualTo("rw-rw-rw-");
  }

  @Test
  void whereTheFileCannotBeGivenToTheGroupTheRolesAloneDecide() throws IOException {
    assertThat(rightsFor(new SocketAudience.Group("no-such-group"))).isEqualTo("rw-rw-rw-");
  }

  private String rightsFor(SocketAudience audience) throws IOException {
    Files.deleteIfExists(socket);
    Files.createFile(socket);
    new SocketFile(socket).open(audience);
    return rights();
  }

  private String rights() throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(socket));
  }

  @Test
  void newRolesChangeTheFileOfASocketThatIsOpen() throws IOException {
    Access access = TestAccess.ofOwner();
    Vertx other = Vertx.vertx();
    await(
        vertx.deployVerticle(
            new ControlServer(
                daemon.state(),
                access,
                Ledger.NONE,
                new Topic<>(other, Notification.class),
                (on, router) -> {},
                FailureCounter.NONE,
                socket)));
    assertThat(rights()).isEqualTo("rw-------");

    access.use(
        new AccessRules(
            TestAccess.config(List.of("ops"), List.of("trainers"), List.of()),
            TestAccess.database(Map.of(), Map.of("ops", 4L, "trainers", 5L)),
            UserDatabase.ownUser()));

    Awaitility.await().until(() -> rights().equals("rw-rw-rw-"));
  }

  @Test
  void aSocketGoesWithTheServer() {
    String deployment = await(vertx.deployVerticle(server(socket)));
    assertThat(socket).exists();

    await(vertx.undeploy(deployment));
    assertThat(socket).doesNotExist();
  }

  @Test
  void whatADeadDaemonLeftIsTakenOver() throws IOException {
    try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(socket));
    }
    assertThat(socket).exists();

    await(vertx.deployVerticle(server(socket)));

    assertThat(new ControlClient(vertx, socket).get("/v1/status").status()).isEqualTo(200);
  }

  @Test
  void aLiveDaemonKeepsItsSocket() {
    await(vertx.deployVerticle(server(socket)));

    assertRefused(socket, socket + " is in use by a running daemon");
    assertThat(new ControlClient(vertx, socket).get("/v1/status").status()).isEqualTo(200);
  }

  @Test
  void aFileThatIsNoSocketIsLeftAlone() throws IOException {
    Files.writeString(socket, "precious");

    assertRefused(socket, socket + " is not a socket; Chase leaves it alone");
    assertThat(socket).hasContent("precious");
  }

  @Test
  void aMissingDirectoryIsNamed() {
    Path astray = directory.resolve("none/chase.sock");

    assertRefused(astray, astray + ": there is no directory " + astray.getParent());
  }

  @Test
  void aPathTooLongForASocketIsNamed() {
    Path endless = directory.resolve("x".repeat(108));

    assertThatThrownBy(() -> await(vertx.deployVerticle(server(endless))))
        .isInstanceOf(ControlServer.SocketUnavailable.class)
        .hasMessageStartingWith(endless + " is too long for a Unix socket: ")
        .hasMessageEndingWith("bytes, at most 107");
  }

  private void assertRefused(Path path, String message) {
    assertThatThrownBy(() -> await(vertx.deployVerticle(server(path))))
        .isInstanceOf(ControlServer.SocketUnavailable.class)
        .hasMessage(message);
  }

  private ControlServer server(Path path) {
    return daemon.server(path);
  }
}
