package io.daybook.bench.report;

import io.daybook.bench.measure.Measurements;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What was measured against what is wanted, as a picture (SVG): a bar for each ratio on a logarithmic scale, from 1 × on,
 * where both are alike, and a mark at what is wanted. It suits a light and a dark page.
 */
public final class Chart {

    private static final int WIDTH = 900;
    private static final int LEFT = 24;
    private static final int RIGHT = 150;
    private static final int TOP = 48;
    private static final int ROW = 44;
    private static final int BAR = 14;
    private static final int BOTTOM = 34;

    private static final String STYLE = """
            <style>
              text { font: 13px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #24292f; }
              .axis { fill: #6e7781; font-size: 11px; }
              .grid { stroke: #d0d7de; }
              .one { stroke: #6e7781; stroke-width: 1.5; }
              .met { fill: #1a7f72; }
              .missed { fill: #d9822b; }
              .wanted { stroke: #24292f; stroke-width: 2.5; }
              @media (prefers-color-scheme: dark) {
                text { fill: #e6edf3; }
                .axis { fill: #8d96a0; }
                .grid { stroke: #30363d; }
                .one { stroke: #8d96a0; }
                .met { fill: #3fb8a5; }
                .missed { fill: #e8a15a; }
                .wanted { stroke: #e6edf3; }
              }
            </style>
            """;

    private final List<Target.Finding> findings;

    /** The exponents of ten at the scale's ends. */
    private final int lowest;

    private final int highest;

    public Chart(Measurements measurements) {
        findings = Target.ALL.stream()
                .filter(target -> target.unit() == Target.Unit.TIMES)
                .flatMap(target -> target.in(measurements).stream())
                .toList();
        lowest = exponents().map(Math::floor).mapToInt(Double::intValue).min().orElse(-1);
        highest = Math.max(
                lowest + 1,
                exponents().map(Math::ceil).mapToInt(Double::intValue).max().orElse(0));
    }

    private Stream<Double> exponents() {
        return findings.stream()
                .flatMap(finding ->
                        Stream.of(1.0, finding.value(), finding.target().bound()))
                .map(Math::log10);
    }

    public String svg() {
        int bottom = TOP + findings.size() * ROW;
        StringBuilder svg = new StringBuilder(line(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">",
                        WIDTH, bottom + BOTTOM))
                .append("<title>Ratios that were measured, against those that are wanted</title>\n")
                .append(STYLE);
        legend(svg);
        for (int exponent = lowest; exponent <= highest; exponent++) {
            svg.append(line(
                    "<text class=\"axis\" text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">%s</text>",
                    x(Math.pow(10, exponent)), bottom + 20, Target.Unit.TIMES.of(Math.pow(10, exponent))));
        }
        for (int i = 0; i < findings.size(); i++) {
            row(svg, findings.get(i), TOP + i * ROW);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void legend(StringBuilder svg) {
        svg.append(line("<rect class=\"met\" x=\"%d\" y=\"14\" width=\"26\" height=\"%d\" rx=\"2\"/>", LEFT, BAR));
        svg.append(line("<text x=\"%d\" y=\"26\">reached</text>", LEFT + 34));
        svg.append(line(
                "<rect class=\"missed\" x=\"%d\" y=\"14\" width=\"26\" height=\"%d\" rx=\"2\"/>", LEFT + 110, BAR));
        svg.append(line("<text x=\"%d\" y=\"26\">not reached</text>", LEFT + 144));
        svg.append(line("<line class=\"wanted\" x1=\"%1$d\" x2=\"%1$d\" y1=\"11\" y2=\"31\"/>", LEFT + 252));
        svg.append(line("<text x=\"%d\" y=\"26\">wanted</text>", LEFT + 262));
        svg.append(line(
                "<text class=\"axis\" text-anchor=\"end\" x=\"%d\" y=\"26\">logarithmic; 1 × is as fast as the other</text>",
                WIDTH - LEFT));
    }

    private void row(StringBuilder svg, Target.Finding finding, int top) {
        Target target = finding.target();
        double one = x(1);
        double end = x(finding.value());
        double wanted = x(target.bound());
        int bar = top + 20;
        // Between the words, so that no line goes through them.
        for (int exponent = lowest; exponent <= highest; exponent++) {
            svg.append(line(
                    "<line class=\"%1$s\" x1=\"%2$.1f\" x2=\"%2$.1f\" y1=\"%3$d\" y2=\"%4$d\"/>",
                    exponent == 0 ? "one" : "grid", x(Math.pow(10, exponent)), bar - 1, bar + BAR + 6));
        }
        svg.append(line(
                "<text x=\"%d\" y=\"%d\">%s%s</text>",
                LEFT, top + 13, escaped(target.what()), target.isLeast() ? "" : " (less is better)"));
        svg.append(line(
                "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>",
                finding.isMet() ? "met" : "missed", Math.min(one, end), bar, Math.max(2, Math.abs(end - one)), BAR));
        svg.append(line(
                "<line class=\"wanted\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
                wanted, wanted, bar - 3, bar + BAR + 3));
        svg.append(line(
                "<text x=\"%d\" y=\"%d\"><tspan font-weight=\"600\">%s</tspan> <tspan class=\"axis\">%s %s</tspan></text>",
                WIDTH - RIGHT + 14,
                bar + 12,
                finding.measured(),
                target.isLeast() ? "of" : "under",
                target.unit().of(target.bound())));
    }

    private double x(double ratio) {
        double part = (Math.log10(ratio) - lowest) / (highest - lowest);
        return LEFT + part * (WIDTH - LEFT - RIGHT);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format + "%n", values);
    }
}
