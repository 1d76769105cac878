package dev.gbpf.host.report;

import dev.gbpf.verifier.analysis.AnalysisResult;
import dev.gbpf.verifier.analysis.AnalysisStates;
import dev.gbpf.verifier.analysis.LoopBound;
import dev.gbpf.verifier.cfg.ControlFlowGraph;
import dev.gbpf.verifier.cfg.WeakTopologicalOrder;
import dev.gbpf.verifier.explain.ProgramText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The graph of a program as a picture: a row per block in weak topological order, moved in by the loops around it, and edges that
 * skip rows as arcs beside them, short ones inside. So every edge leads down but those back to a loop's head, and no two arcs
 * that overlap share a lane.
 */
final class ControlFlowMap {
    private static final int ROW = 20;
    private static final int INDENT = 16;
    private static final int BOX = 260;
    private static final int LANE = 7;
    /** Arcs beyond so many lanes share the last one. */
    private static final int MAX_LANES = 60;

    private final Markup page;
    private final String prefix;
    private final ProgramText text;
    private final AnalysisResult analysis;
    private final AnalysisStates states;
    private final ControlFlowGraph graph;
    private final WeakTopologicalOrder order;
    private final Set<Integer> way;
    private final int[] depth;

    ControlFlowMap(
            Markup page,
            String prefix,
            ProgramText text,
            AnalysisResult analysis,
            AnalysisStates states,
            Set<Integer> way) {
        this.page = page;
        this.prefix = prefix;
        this.text = text;
        this.analysis = analysis;
        this.states = states;
        this.graph = states.graph();
        this.order = states.order();
        this.way = way;
        this.depth = depths();
    }

    private int[] depths() {
        int[] depths = new int[graph.size()];
        for (int i = 0; i < order.size(); i++) {
            int block = order.block(i);
            int outer = order.enclosingHeader(block);
            depths[block] = (order.isHeader(block) ? 1 : 0) + (outer < 0 ? 0 : depths[outer]);
        }
        return depths;
    }

    /**
     * An edge that is drawn as an arc.
     *
     * @param edge its number
     * @param top the upper row
     * @param bottom the lower row
     */
    private record Arc(int edge, int top, int bottom) {}

    void draw() {
        List<Arc> arcs = arcs();
        int[] lanes = lanes(arcs);
        int deepest = Arrays.stream(depth).max().orElse(0);
        int right = deepest * INDENT + BOX + 8;
        int width = right + (Arrays.stream(lanes).max().orElse(0) + 2) * LANE;
        int height = order.size() * ROW + 4;
        page.open(
                "svg",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "width",
                Integer.toString(width),
                "height",
                Integer.toString(height),
                "role",
                "img",
                "aria-label",
                "blocks of " + text.type().name());
        for (int i = 0; i < order.size(); i++) {
            row(i);
        }
        for (int i = 0; i < arcs.size(); i++) {
            arc(arcs.get(i), right + lanes[i] * LANE);
        }
        page.closeLine();
    }

    private void row(int row) {
        int block = order.block(row);
        int x = depth[block] * INDENT;
        boolean dead = states.before(block).isEmpty();
        page.open("a", "href", "#" + prefix + "b" + block)
                .open("g", "class", way.contains(block) ? "path" : dead ? "dead" : "live");
        page.open(
                        "rect",
                        "class",
                        "box",
                        "x",
                        text(x + 4),
                        "y",
                        text(row * ROW + 2),
                        "width",
                        text(BOX - 8),
                        "height",
                        text(ROW - 5))
                .close();
        page.element("text", label(block), "x", text(x + 8), "y", text(row * ROW + ROW - 7));
        page.close().close();
        if (order.isHeader(block)) {
            int end = order.loopEnd(block) * ROW - 4;
            page.open("line", "class", "loop", "x1", text(x), "x2", text(x), "y1", text(row * ROW + 2), "y2", text(end))
                    .closeLine();
        }
        int next = row + 1 < order.size() ? order.block(row + 1) : -1;
        boolean falls = next >= 0 && (graph.next(block) == next || graph.taken(block) == next);
        if (falls) {
            int at = Math.max(x, depth[next] * INDENT) + 20;
            boolean onWay = way.contains(block) && way.contains(next);
            page.open(
                            "line",
                            "class",
                            onWay ? "edge path" : "edge",
                            "x1",
                            text(at),
                            "x2",
                            text(at),
                            "y1",
                            text((row + 1) * ROW - 3),
                            "y2",
                            text((row + 1) * ROW + 2))
                    .closeLine();
        }
    }

    private String label(int block) {
        StringBuilder label =
                new StringBuilder(block + "  " + text.place(graph.block(block).first()));
        for (LoopBound bound : analysis.loops()) {
            if (bound.header() == block) {
                label.append("  at most ").append(bound.iterations()).append(" times back");
            }
        }
        return label.toString();
    }

    private List<Arc> arcs() {
        List<Arc> arcs = new ArrayList<>();
        for (int i = 0; i < order.size(); i++) {
            int block = order.block(i);
            for (int edge = 2 * block; edge <= 2 * block + 1; edge++) {
                int target = graph.edgeTarget(edge);
                if (target >= 0 && order.position(target) != i + 1) {
                    int to = order.position(target);
                    arcs.add(new Arc(edge, Math.min(i, to), Math.max(i, to)));
                }
            }
        }
        arcs.sort(Comparator.comparingInt((Arc a) -> a.bottom() - a.top()).thenComparingInt(Arc::edge));
        return arcs;
    }

    /** A lane for each arc, short arcs first: the first one in which no arc overlaps it. */
    private static int[] lanes(List<Arc> arcs) {
        List<List<Arc>> taken = new ArrayList<>();
        int[] lanes = new int[arcs.size()];
        for (int i = 0; i < arcs.size(); i++) {
            Arc arc = arcs.get(i);
            int lane = 0;
            while (lane < taken.size()
                    && lane < MAX_LANES
                    && taken.get(lane).stream().anyMatch(o -> o.top() <= arc.bottom() && arc.top() <= o.bottom())) {
                lane++;
            }
            if (lane == taken.size()) {
                taken.add(new ArrayList<>());
            }
            taken.get(lane).add(arc);
            lanes[i] = lane;
        }
        return lanes;
    }

    private void arc(Arc arc, int x) {
        int source = graph.edgeSource(arc.edge());
        int target = graph.edgeTarget(arc.edge());
        int from = order.position(source) * ROW + ROW / 2;
        int to = order.position(target) * ROW + ROW / 2 - 3;
        int fromX = depth[source] * INDENT + BOX - 4;
        int toX = depth[target] * INDENT + BOX - 4;
        boolean onWay = way.contains(source) && way.contains(target);
        String style = "edge" + (onWay ? " path" : "") + (order.isBackEdge(arc.edge()) ? " back" : "");
        String head = " M " + (toX + 5) + " " + (to - 3) + " L " + toX + " " + to + " L " + (toX + 5) + " " + (to + 3);
        page.open("path", "class", style, "d", "M " + fromX + " " + from + " H " + x + " V " + to + " H " + toX + head)
                .closeLine();
    }

    private static String text(int number) {
        return Integer.toString(number);
    }
}
