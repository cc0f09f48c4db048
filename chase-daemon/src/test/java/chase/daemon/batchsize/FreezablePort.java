package chase.daemon.batchsize;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/** A port that leads to another one, until it is frozen: then nothing passes and nothing ends. */
final class FreezablePort implements AutoCloseable {
  private final ServerSocket server;
  private final Semaphore passing = new Semaphore(1);
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  FreezablePort(int target) {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(() -> accept(target));
  }

  int port() {
    return server.getLocalPort();
  }

  void freeze() {
    passing.acquireUninterruptibly();
  }

  void thaw() {
    passing.release();
  }

  private void accept(int target) {
    try {
      while (true) {
        Socket client = server.accept();
        Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.addAll(List.of(client, far));
        Thread.ofVirtual().start(() -> pass(client, far));
        Thread.ofVirtual().start(() -> pass(far, client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void pass(Socket from, Socket to) {
    byte[] buffer = new byte[8192];
    try (from;
        to) {
      for (int read; (read = from.getInputStream().read(buffer)) >= 0; ) {
        passing.acquire();
        passing.release();
        to.getOutputStream().write(buffer, 0, read);
      }
    } catch (IOException e) {
      // one of both is gone, and with it the other
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
