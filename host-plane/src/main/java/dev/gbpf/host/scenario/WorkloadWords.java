package dev.gbpf.host.scenario;

import dev.gbpf.host.workload.ArrivalProcess;
import dev.gbpf.host.workload.CollectiveParameters;
import dev.gbpf.host.workload.LlmParameters;
import dev.gbpf.host.workload.MemoryParameters;
import dev.gbpf.host.workload.RequestShape;
import dev.gbpf.host.workload.ServiceTime;
import dev.gbpf.host.workload.SyntheticParameters;
import java.math.BigDecimal;
import java.util.Locale;

/** What a workload is, in one phrase for reports. */
final class WorkloadWords {
    private WorkloadWords() {}

    static String of(SyntheticParameters parameters) {
        RequestShape shape = parameters.shape();
        StringBuilder words = new StringBuilder(arrivals(parameters.arrivals()));
        if (shape.kernels() > 0) {
            words.append(", ");
            if (shape.kernels() > 1) {
                words.append(shape.kernels()).append(" kernels of ");
            }
            words.append(service(parameters.service())).append(" on ").append(shape.minWidth());
            if (shape.maxWidth() > shape.minWidth()) {
                words.append(" to ").append(shape.maxWidth());
            }
            words.append(" SMs");
        }
        if (shape.copyInBytes() > 0 || shape.copyOutBytes() > 0) {
            words.append(", copies");
        }
        return words.toString();
    }

    static String of(CollectiveParameters parameters) {
        ServiceTime compute = parameters.compute();
        return parameters.ranks() + (parameters.ranks() == 1 ? " rank" : " ranks")
                + (compute == null ? "" : " that compute for " + service(compute)) + " and reduce for "
                + duration(parameters.transferNs());
    }

    static String of(MemoryParameters parameters) {
        String size = Values.written(Quantity.SIZE, parameters.leastBytes())
                + (parameters.mostBytes() == parameters.leastBytes()
                        ? ""
                        : " to " + Values.written(Quantity.SIZE, parameters.mostBytes()));
        return parameters.clients() + (parameters.clients() == 1 ? " allocation" : " allocations") + " of " + size
                + ", " + parameters.access().name().toLowerCase(Locale.ROOT) + ", used for "
                + service(parameters.service());
    }

    static String of(LlmParameters parameters, LlmTrace trace) {
        String from = switch (trace) {
            case LlmTrace.Sample _ -> "sample trace";
            case LlmTrace.Generated _ -> "conversation trace";
            case LlmTrace.Recorded(String path) -> path.substring(path.lastIndexOf('/') + 1);
        };
        String speed = parameters.speedup() == 1 ? "" : " at " + number(parameters.speedup()) + " times its speed";
        return "requests to " + parameters.model().name() + " from the " + from + speed;
    }

    private static String arrivals(ArrivalProcess arrivals) {
        return switch (arrivals) {
            case ArrivalProcess.Poisson(double rate) -> "poisson " + number(rate) + "/s";
            case ArrivalProcess.OnOff(double on, double _, long onNs, long _) ->
                "bursts of " + duration(onNs) + " at " + number(on) + "/s";
            case ArrivalProcess.Periodic(long periodNs, long _) -> "one every " + duration(periodNs);
            case ArrivalProcess.ClosedLoop(int clients, long thinkNs) ->
                clients
                        + (clients == 1 ? " client" : " clients")
                        + (thinkNs == 0 ? "" : " that think for " + duration(thinkNs));
        };
    }

    private static String service(ServiceTime service) {
        return switch (service) {
            case ServiceTime.Fixed(long ns) -> duration(ns);
            case ServiceTime.Exponential(long meanNs) -> "exponential " + duration(meanNs);
            case ServiceTime.Uniform(long least, long most) -> duration(least) + " to " + duration(most);
            case ServiceTime.BoundedPareto(long least, long most, double _) ->
                "heavy tail " + duration(least) + " to " + duration(most);
            case ServiceTime.Lognormal(long medianNs, double _) -> "lognormal " + duration(medianNs);
        };
    }

    private static String number(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    private static String duration(long ns) {
        return Values.written(Quantity.DURATION, ns);
    }
}
