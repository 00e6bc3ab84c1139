package io.daybook.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table; its first column is of names, the others are of numbers. */
record Table(List<String> head, List<List<String>> rows) {

    /** What there is no number of. */
    static final String NONE = "-";

    /** Without the columns in which no row has a number. */
    Table withoutEmptyColumns() {
        List<Integer> kept = IntStream.range(0, head.size())
                .filter(column -> rows.stream().anyMatch(row -> !row.get(column).equals(NONE)))
                .boxed()
                .toList();
        return new Table(
                kept.stream().map(head::get).toList(),
                rows.stream().map(row -> kept.stream().map(row::get).toList()).toList());
    }

    public String text() {
        List<Integer> widths = IntStream.range(0, head.size())
                .mapToObj(column -> lines().stream()
                        .mapToInt(line -> line.get(column).length())
                        .max()
                        .getAsInt())
                .toList();
        return lines().stream()
                .map(line -> IntStream.range(0, line.size())
                        .mapToObj(column -> padded(line.get(column), widths.get(column), column == 0))
                        .collect(Collectors.joining("  ", "", "\n")))
                .collect(Collectors.joining());
    }

    private List<List<String>> lines() {
        List<List<String>> lines = new ArrayList<>();
        lines.add(head);
        lines.addAll(rows);
        return lines;
    }

    private static String padded(String cell, int width, boolean isName) {
        String space = " ".repeat(width - cell.length());
        return isName ? cell + space : space + cell;
    }

    public String markdown() {
        StringBuilder text = new StringBuilder(line(head)).append("| --- |");
        text.append(" --: |".repeat(head.size() - 1)).append('\n');
        rows.forEach(row -> text.append(line(row)));
        return text.toString();
    }

    private static String line(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
