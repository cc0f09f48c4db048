package chase.carbon.http;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A SOCKS5 proxy (RFC 1928, 1929) that wants a user and reaches one server under any name. */
final class TestSocksProxy implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<String> targets = new CopyOnWriteArrayList<>();
  private final String user;
  private final String password;
  private final int server;

  TestSocksProxy(String user, String password, int server) throws IOException {
    this.user = user;
    this.password = password;
    this.server = server;
    Thread.ofVirtual().start(this::listen);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** The names and ports that clients wanted. */
  List<String> targets() {
    return List.copyOf(targets);
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void listen() {
    try {
      while (true) {
        Socket client = listener.accept();
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private void serve(Socket client) {
    try (client) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      OutputStream out = client.getOutputStream();
      in.readByte();
      boolean mayTell = text(in).indexOf(2) >= 0;
      out.write(new byte[] {5, (byte) (mayTell ? 2 : 0xff)});
      in.readByte();
      List<String> login = List.of(text(in), text(in));
      boolean known = login.equals(List.of(user, password));
      out.write(new byte[] {1, (byte) (known ? 0 : 1)});
      if (!mayTell || !known) {
        return;
      }
      in.readNBytes(4);
      targets.add(text(in) + ":" + in.readUnsignedShort());
      out.write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
      try (Socket target = new Socket(InetAddress.getLoopbackAddress(), server)) {
        Thread.ofVirtual().start(() -> pump(in, target));
        target.getInputStream().transferTo(out);
      }
    } catch (IOException gone) {
      // either side may go at any time
    }
  }

  private static void pump(InputStream from, Socket to) {
    try {
      from.transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException gone) {
      // likewise
    }
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.ISO_8859_1);
  }
}
