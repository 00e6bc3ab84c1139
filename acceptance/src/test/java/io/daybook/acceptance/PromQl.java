package io.daybook.acceptance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an expression of Prometheus reads.
 *
 * @param selectors the metrics
 * @param grouping the labels that results are grouped or matched by
 */
record PromQl(List<Selector> selectors, Set<String> grouping) {

    /**
     * @param matchers by label: the value that it must have, or null if the expression demands something else of it
     */
    record Selector(String metric, Map<String, String> matchers) {}

    private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern GROUPING =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
    private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*(\\{[^}]*}|\\()?");
    private static final Pattern MATCHER = Pattern.compile("([a-zA-Z_]\\w*)\\s*(=~|!~|!=|=)\\s*\"(\\d+)\"");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "offset", "bool");

    static PromQl read(String expression) {
        List<String> texts = new ArrayList<>();
        String rest = TEXT.matcher(expression).replaceAll(match -> {
            texts.add(match.group(1));
            return "\"" + (texts.size() - 1) + "\"";
        });
        Set<String> grouping = new TreeSet<>();
        rest = GROUPING.matcher(rest).replaceAll(match -> {
            grouping.addAll(List.of(match.group(1).strip().split("\\s*,\\s*")));
            return " ";
        });
        rest = RANGE.matcher(rest).replaceAll("");
        List<Selector> selectors = SELECTOR.matcher(rest)
                .results()
                .filter(found -> !"(".equals(found.group(2)) && !WORDS.contains(found.group(1)))
                .map(found -> selector(found, texts))
                .toList();
        return new PromQl(selectors, grouping);
    }

    private static Selector selector(MatchResult found, List<String> texts) {
        Map<String, String> matchers = new TreeMap<>();
        if (found.group(2) != null) {
            Matcher matcher = MATCHER.matcher(found.group(2));
            while (matcher.find()) {
                boolean equal = matcher.group(2).equals("=");
                matchers.put(matcher.group(1), equal ? texts.get(Integer.parseInt(matcher.group(3))) : null);
            }
        }
        return new Selector(found.group(1), matchers);
    }
}
