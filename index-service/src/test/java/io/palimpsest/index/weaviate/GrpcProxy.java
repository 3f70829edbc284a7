package io.palimpsest.index.weaviate;

import io.grpc.CallOptions;
import io.grpc.HandlerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Stands before the gRPC port of a server: hands calls on, or lets a test answer them. Calls with one answer only. */
final class GrpcProxy implements AutoCloseable {
    private static final int MOST_BYTES = 100_000_000;
    private static final Handler HAND_ON = (request, server) -> server.apply(request);

    private final Map<String, Handler> handlers = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ManagedChannel channel;
    private final Server server;

    /** What is answered to one method. */
    @FunctionalInterface
    interface Handler {
        /**
         * May be called by several threads at a time.
         *
         * @param server hands a request on, and gives its answer
         */
        byte[] answer(byte[] request, UnaryOperator<byte[]> server) throws IOException;
    }

    GrpcProxy(String host, int port) throws IOException {
        channel = NettyChannelBuilder.forAddress(host, port)
                .usePlaintext()
                .maxInboundMessageSize(MOST_BYTES)
                .build();
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .executor(threads)
                .maxInboundMessageSize(MOST_BYTES)
                .fallbackHandlerRegistry(new Everything())
                .build()
                .start();
    }

    int port() {
        return server.getPort();
    }

    /** @param method without its service, such as {@code BatchObjects} */
    void on(String method, Handler handler) {
        handlers.put(method, handler);
    }

    private final class Everything extends HandlerRegistry {
        @Override
        public ServerMethodDefinition<byte[], byte[]> lookupMethod(String name, @Nullable String authority) {
            MethodDescriptor<byte[], byte[]> method = MethodDescriptor.newBuilder(Bytes.AS_THEY_ARE, Bytes.AS_THEY_ARE)
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName(name)
                    .build();
            return ServerMethodDefinition.create(
                    method, ServerCalls.asyncUnaryCall((request, answer) -> answer(method, request, answer)));
        }
    }

    private void answer(MethodDescriptor<byte[], byte[]> method, byte[] request, StreamObserver<byte[]> answer) {
        if (answer instanceof ServerCallStreamObserver<byte[]> call) {
            call.setOnCancelHandler(() -> {}); // then an answer to nobody is no error
        }
        Handler handler = handlers.getOrDefault(String.valueOf(method.getBareMethodName()), HAND_ON);
        try {
            answer.onNext(handler.answer(
                    request, sent -> ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, sent)));
            answer.onCompleted();
        } catch (StatusRuntimeException e) {
            answer.onError(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
        AS_THEY_ARE;

        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
        channel.shutdownNow();
        threads.shutdownNow();
    }
}
