/* What `mote plot` promises: what a picture holds, and that bad input leaves none. */
#include "cli_runner.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <unistd.h>

using namespace mote_test;

namespace {

/* False where there is none, which is said. */
bool has_gnuplot() {
    std::string path = std::getenv("PATH") != nullptr ? std::getenv("PATH") : "";
    for (size_t from = 0; from <= path.size();) {
        size_t colon = std::min(path.find(':', from), path.size());
        if (::access((path.substr(from, colon - from) + "/gnuplot").c_str(), X_OK) == 0) return true;
        from = colon + 1;
    }
    MESSAGE("SKIPPED: there is no gnuplot");
    return false;
}

/* An environment variable that is as before at the end. */
class Variable {
  public:
    Variable(const char *name, const std::string &value) : name_(name), before_(std::getenv(name)) {
        ::setenv(name, value.c_str(), 1);
    }
    ~Variable() { ::setenv(name_, before_.c_str(), 1); }
    Variable(const Variable &) = delete;
    Variable &operator=(const Variable &) = delete;

  private:
    const char *name_;
    std::string before_;
};

size_t count(const std::string &text, const std::string &what) {
    size_t found = 0;
    for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + what.size())) ++found;
    return found;
}

/* The words in an SVG, as they are seen. */
std::multiset<std::string> words_in(const std::string &svg) {
    std::multiset<std::string> list;
    for (size_t at = svg.find("<text>"); at != std::string::npos; at = svg.find("<text>", at + 1)) {
        std::string text = svg.substr(at + 6, svg.find("</text>", at) - at - 6);
        size_t first = text.find_first_not_of(" \t");
        text = first == std::string::npos ? "" : text.substr(first);
        for (const auto &[code, sign] : {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}}) {
            for (size_t found; (found = text.find(code)) != std::string::npos;)
                text.replace(found, std::string(code).size(), sign);
        }
        list.insert(text);
    }
    return list;
}

bool has(const std::multiset<std::string> &list, const std::string &word) { return list.count(word) > 0; }

std::string drawn(const Directory &directory, const Arguments &arguments) {
    Outcome outcome = directory.mote_ok(words("plot") + arguments + words("-o picture.svg"));
    CHECK(outcome.err.empty());
    CHECK(outcome.out.empty());
    std::string svg = directory.read("picture.svg");
    CHECK(svg.rfind("<?xml", 0) == 0);
    CHECK(svg.find("</svg>") != std::string::npos);
    return svg;
}

const std::string short_header = "step,loss,smoothed_loss,rate,grad_norm\n";
const std::string header = "step,loss,smoothed_loss,rate,grad_norm,train_loss,dev_loss,test_loss\n";

std::string log_of(int steps, int evaluate_every) {
    std::string text = header;
    for (int step = 1; step <= steps; ++step) {
        double loss = 1.5 + 2.0 / step + (step % 7) * 0.01;
        text += std::to_string(step) + "," + std::to_string(loss) + "," + std::to_string(loss + 0.5) + ",0.1,1,";
        bool evaluated = step % evaluate_every == 0;
        text += evaluated ? std::to_string(loss) + "," + std::to_string(loss + 0.1) + ",\n" : ",,\n";
    }
    return text;
}

const std::string odd_line = "a_b^c{d}e@f&g~h\\i\"j'k`l%m<n>o#p\t\xC3\xA9\xE2\x80\x94$!\n";

std::string repeated(const std::string &text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
}

void train(const Directory &directory, const std::string &text, const std::string &options) {
    directory.write("corpus.txt", text);
    directory.mote_ok(words("train corpus.txt -o m.mote --hidden 12 --batch 2 --time 8 --steps 5 --quiet " + options));
}

} // namespace

TEST_CASE("plot without gnuplot says what to install, and keeps the old picture") {
    Directory directory;
    directory.write("run.csv", log_of(20, 10));
    directory.write("picture.svg", "old");
    Variable path("PATH", directory.path("empty"));
    check_refused(directory, words("plot loss run.csv -o picture.svg"), 1, {"gnuplot", "install"});
    CHECK(directory.read("picture.svg") == "old");
}

TEST_CASE("plot passes on the error of gnuplot, and takes no half of a picture") {
    Directory directory;
    directory.write("run.csv", log_of(20, 10));
    directory.write("picture.svg", "old");
    std::filesystem::create_directory(directory.path("bin"));
    std::string program = directory.path("bin") + "/gnuplot";
    auto becomes = [&](const std::string &script) {
        directory.write("bin/gnuplot", "#!/bin/sh\n" + script);
        std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    };
    Variable path("PATH", directory.path("bin"));
    becomes("echo; echo 'plot nothing' >&2; echo '         line 7: undefined variable' >&2; exit 1\n");
    check_refused(directory, words("plot loss run.csv -o picture.svg"), 1, {"gnuplot: line 7: undefined variable\n"});
    becomes("echo '<?xml version=\"1.0\"?>'; echo '<svg>'\n");
    check_refused(directory, words("plot loss run.csv -o picture.svg"), 1, {"gnuplot", "no whole picture"});
    becomes("exit 0\n");
    check_refused(directory, words("plot loss run.csv -o other.png"), 1, {"gnuplot", "no whole picture"});
    becomes("kill -9 $$\n");
    check_refused(directory, words("plot loss run.csv -o other.png"), 1, {"gnuplot", "signal"});
    CHECK(directory.read("picture.svg") == "old");
}

TEST_CASE("plot refuses arguments that cannot be used") {
    Directory directory;
    directory.write("run.csv", log_of(20, 10));
    directory.write("run.svg", log_of(20, 10));
    train(directory, repeated("the cat sat on the mat\n", 20), "--embed 3");
    check_refused(directory, words("plot"), 2, {"--help"});
    check_refused(directory, words("plot frobnicate run.csv -o x.svg"), 2, {"frobnicate", "--help"});
    check_refused(directory, words("plot loss run.csv"), 2, {"--output"});
    check_refused(directory, words("plot loss -o x.svg"), 2, {"RUN.csv"});
    check_refused(directory, words("plot loss run.csv -o x.jpg"), 2, {"--output", "x.jpg", ".svg", ".png"});
    check_refused(directory, words("plot loss run.csv -o svg"), 2, {"--output"});
    check_refused(directory, words("plot loss run.csv -o x.svg --frobnicate"), 2, {"--frobnicate"});
    check_refused(directory, words("plot loss run.csv run.svg -o run.svg"), 2, {"--output", "run.svg"});
    check_refused(directory, words("plot lr run.csv -o x.svg --mark 0"), 2, {"--mark"});
    check_refused(directory, words("plot bigrams m.mote --lines -o x.svg"), 2, {"--lines", "m.mote"});
    for (const char *bad : {"1", "1,1", "0,1", "1,2,3", "a,b", "1,4", ",", "-1,2"}) {
        check_refused(directory, words("plot embedding m.mote -o x.svg --dimensions") + Arguments{bad}, 2,
                      {"--dimensions"});
    }
    check_refused(directory, words("plot hidden m.mote -o x.svg"), 2, {"--prompt"});
    check_refused(directory, {"plot", "hidden", "m.mote", "-o", "x.svg", "--prompt", ""}, 2, {"--prompt"});
    check_refused(directory, words("plot hidden m.mote -o x.svg --prompt X"), 2, {"--prompt", "'X'"});
    check_refused(directory, words("plot hidden m.mote -o x.svg --prompt the --units 0"), 2, {"--units"});
    check_refused(directory, words("plot surprise m.mote t -o x.svg"), 2, {"TEXT"});
    check_refused(directory, {"plot", "surprise", "m.mote", std::string(4001, 't'), "-o", "x.svg"}, 2, {"4000"});
}

TEST_CASE("plot refuses files that cannot be drawn, and says where") {
    Directory directory;
    auto refuse = [&](const std::string &content, const std::vector<std::string> &mentions) {
        directory.write("run.csv", content);
        check_refused(directory, words("plot loss run.csv -o x.svg"), 1, mentions);
    };
    refuse("", {"run.csv", "empty"});
    refuse(short_header, {"run.csv", "no rows"});
    refuse(short_header + "1,2,3,0.1,1", {"run.csv", "no rows"});
    refuse("step,loss,rate\n1,2,3\n", {"run.csv", "no column smoothed_loss"});
    refuse(short_header + "1,2,3,0.1,1\n2,2,3\n3,2,3,0.1,1\n", {"run.csv", "line 3", "3 fields", "5"});
    refuse(short_header + "1,nan,3,0.1,1\n", {"run.csv", "line 2", "loss", "'nan'"});
    refuse(short_header + "1,2,3,0.1,1\n2,2,inf,0.1,1\n", {"run.csv", "line 3", "smoothed_loss", "'inf'"});
    refuse(short_header + "1,2x,3,0.1,1\n", {"run.csv", "line 2", "loss", "'2x'"});
    refuse(short_header + "1,,3,0.1,1\n", {"run.csv", "line 2", "loss"});
    check_refused(directory, words("plot loss missing.csv -o x.svg"), 1, {"missing.csv", "No such file"});
    directory.write("lr.csv", "step,rate,loss,smoothed_loss\n1,0,2,2\n");
    check_refused(directory, words("plot lr lr.csv -o x.svg"), 1, {"lr.csv", "line 2", "rate"});
    directory.write("good.csv", log_of(20, 10));
    check_refused(directory, words("plot loss good.csv -o nowhere/x.svg"), 1, {"nowhere/x.svg", "No such file"});
}

TEST_CASE("plot refuses models that do not have what is to be drawn") {
    Directory directory;
    train(directory, repeated("the cat sat on the mat\n", 20), "");
    check_refused(directory, words("plot bigrams m.mote -o x.svg"), 1, {"m.mote", "bigram"});
    check_refused(directory, words("plot embedding m.mote -o x.svg"), 1, {"m.mote", "embedding"});
    train(directory, repeated("the cat sat on the mat\n", 20), "--embed 1");
    check_refused(directory, words("plot embedding m.mote -o x.svg"), 1, {"m.mote", "1 dimension"});
    check_refused(directory, words("plot embedding corpus.txt -o x.svg"), 1, {"corpus.txt", "not a mote model"});
}

TEST_CASE("a picture of losses has a curve for what each run has, and its name") {
    if (!has_gnuplot()) return;
    Directory directory;
    std::filesystem::create_directory(directory.path("other"));
    directory.write("a_b^c.csv", log_of(100, 25));
    directory.write("{d}&~@%d`e`.csv", short_header + "1,3,3.1,0.1,1\n2,2,3,0.1,1\n3,2,2.9,0.1,1\n");
    directory.write("other/a_b^c.csv", log_of(50, 25));
    auto curves = [](const std::string &svg) { return count(svg, "id=\"gnuplot_plot_"); };

    std::string one = drawn(directory, words("loss a_b^c.csv"));
    CHECK(curves(one) == 4);                           /* each step, smoothed, train, dev; test has no number */
    CHECK(count(one, "xlink:href='#gpPt6'") == 4 + 1); /* a mark of dev for each evaluation and in the legend */
    for (const char *word : {"each step", "smoothed", "train", "dev", "step", "loss (nats)"}) {
        CAPTURE(word);
        CHECK(has(words_in(one), word));
    }
    CHECK(!has(words_in(one), "test"));
    CHECK(curves(drawn(directory, words("loss a_b^c.csv --no-raw"))) == 3);

    std::string two = drawn(directory, words("loss a_b^c.csv {d}&~@%d`e`.csv"));
    CHECK(has(words_in(two), "a_b^c.csv"));
    CHECK(has(words_in(two), "{d}&~@%d`e`.csv"));
    std::string same = drawn(directory, words("loss a_b^c.csv other/a_b^c.csv"));
    CHECK(has(words_in(same), "a_b^c.csv"));
    CHECK(has(words_in(same), "other/a_b^c.csv"));
}

TEST_CASE("a picture of losses leaves a row out that is still being written") {
    if (!has_gnuplot()) return;
    Directory directory;
    directory.write("run.csv", log_of(30, 10));
    std::string whole = drawn(directory, words("loss run.csv"));
    directory.write("run.csv", log_of(30, 10) + "31,9.5,9");
    CHECK(drawn(directory, words("loss run.csv")) == whole);
    directory.write("run.csv", log_of(30, 10) + "31,9.5,9.4,0.1,1,,,\n");
    CHECK(drawn(directory, words("loss run.csv")) != whole);
}

TEST_CASE("a long run is thinned, and its lowest loss stays; what is far above all else is cut off") {
    if (!has_gnuplot()) return;
    Directory directory;
    std::string text = short_header;
    for (int step = 1; step <= 40000; ++step) {
        std::string loss = step == 12345 ? "0.4" : step < 5 ? "70" : "2." + std::to_string(step % 10);
        text += std::to_string(step) + "," + loss + ",2.5,0.1,1\n";
    }
    directory.write("run.csv", text);
    std::string svg = drawn(directory, words("loss run.csv"));
    CHECK(svg.size() < 200000);
    CHECK(has(words_in(svg), "0.5"));
    CHECK(has(words_in(svg), "3.0"));
    CHECK(!has(words_in(svg), "70"));
    CHECK(drawn(directory, words("loss run.csv --log-x --log-y")).size() < 200000);
}

TEST_CASE("a picture of lr-find has the rate that is marked") {
    if (!has_gnuplot()) return;
    Directory directory;
    std::string text = "step,rate,loss,smoothed_loss\n";
    double rate = 1e-6;
    for (int step = 1; step <= 60; ++step, rate *= 1.3) {
        double loss = step < 50 ? 3.3 - step * 0.02 : 1e30;
        text += std::to_string(step) + "," + std::to_string(rate * 1e6) + "e-6," + std::to_string(loss) + "," +
                std::to_string(loss) + "\n";
    }
    directory.write("lr.csv", text);
    std::string svg = drawn(directory, words("lr lr.csv --mark 0.0123"));
    CHECK(has(words_in(svg), "rate 0.0123"));
    CHECK(has(words_in(svg), "learning rate"));
    CHECK(has(words_in(svg), "10⁻⁵"));
    CHECK(has(words_in(svg), "3.0")); /* what leaves the picture at the end does not flatten the rest */
    CHECK(!has(words_in(drawn(directory, words("lr lr.csv"))), "rate 0.0123"));
}

TEST_CASE("a picture of few characters tells each pair and its count") {
    if (!has_gnuplot()) return;
    Directory directory;
    directory.write("corpus.txt", "ab_^\nab\n");
    auto written = words_in(drawn(directory, words("bigrams corpus.txt --lines")));
    for (const char *pair : {".a", "ab", "b_", "b.", "_^", "^.", "..", "ba"}) {
        CAPTURE(pair);
        CHECK(written.count(pair) == 1);
    }
    CHECK(written.count("2") == 2); /* .a ab */
    CHECK(written.count("1") == 4); /* b_ _^ ^. b. */
    CHECK(written.count("0") == 25 - 6);
    directory.write("corpus.txt", "a.b\na.b\n");
    CHECK(has(words_in(drawn(directory, words("bigrams corpus.txt --lines"))), "·a"));
    written = words_in(drawn(directory, words("bigrams corpus.txt")));
    CHECK(has(written, "b↵"));
    CHECK(has(written, "↵a"));
}

TEST_CASE("a picture of a bigram model tells percents") {
    if (!has_gnuplot()) return;
    Directory directory;
    directory.write("corpus.txt", "ab\nab\n");
    directory.mote_ok(words("train corpus.txt --model bigram --count --smoothing 1 --lines -o m.mote --quiet"));
    auto written = words_in(drawn(directory, words("bigrams m.mote")));
    CHECK(written.count("60.0") == 3); /* .a ab b. */
    CHECK(written.count("20.0") == 6);
    CHECK(written.count("ab") == 1);
    check_refused(directory, words("plot hidden m.mote --prompt ab -o x.svg"), 1, {"m.mote", "bigram"});
}

TEST_CASE("a picture of more characters names them, and shades the pairs that there are") {
    if (!has_gnuplot()) return;
    Directory directory;
    std::string svg;
    directory.write("corpus.txt", odd_line + "qrstuvwxyz ");
    svg = drawn(directory, words("bigrams corpus.txt"));
    auto written = words_in(svg);
    for (const char *name : {"_", "^", "{", "}", "@", "&", "~", "\\", "\"", "'", "`",
                             "%", "<", ">", "#", "⇥", "↵", "␣", "é",  "—",  "$", "!"}) {
        CAPTURE(name);
        CHECK(written.count(name) == 2);
    }
    std::string all;
    for (int i = 0; i < 600; ++i) {
        unsigned code_point = 0x4E00u + static_cast<unsigned>(i);
        all += static_cast<char>(0xE0u | code_point >> 12);
        all += static_cast<char>(0x80u | (code_point >> 6 & 0x3Fu));
        all += static_cast<char>(0x80u | (code_point & 0x3Fu));
    }
    directory.write("corpus.txt", all);
    check_refused(directory, words("plot bigrams corpus.txt -o x.svg"), 1, {"corpus.txt", "600", "512"});
}

TEST_CASE("a picture of an embedding has every character once, in its kind of mark") {
    if (!has_gnuplot()) return;
    Directory directory;
    train(directory, repeated(odd_line, 20), "--lines --embed 5");
    auto written = words_in(drawn(directory, words("embedding m.mote")));
    for (const char *name :
         {".", "a", "b", "_", "^", "{", "}", "@", "&", "~", "\\", "\"", "'", "`", "%", "<", ">", "⇥", "é"}) {
        CAPTURE(name);
        CHECK(written.count(name) == 1);
    }
    for (const char *kind : {"vowel", "other letter", "other character"}) CHECK(written.count(kind) == 1);
    std::vector<int> shares;
    for (const std::string &word : written) {
        if (word.find("% of the variance)") == std::string::npos) continue;
        shares.push_back(std::stoi(word.substr(word.find('(') + 1)));
    }
    REQUIRE(shares.size() == 2); /* in the order of their words: first, second */
    CHECK(shares[0] >= shares[1]);
    CHECK(shares[1] > 0);
    CHECK(shares[0] + shares[1] < 100);
    written = words_in(drawn(directory, words("embedding m.mote --dimensions 5,2")));
    CHECK(has(written, "dimension 5"));
    CHECK(has(written, "dimension 2"));
    train(directory, repeated("the cat sat on the mat\n", 20), "--embed 2");
    CHECK(has(words_in(drawn(directory, words("embedding m.mote"))), "dimension 1"));
}

TEST_CASE("a picture of hidden units has a cell for each unit and character") {
    if (!has_gnuplot()) return;
    Directory directory;
    auto cells = [](const std::string &svg) { return count(svg, "<polygon fill = "); };
    train(directory, repeated("the cat sat on the mat\n", 20), "--layers 2");
    size_t four = cells(drawn(directory, words("hidden m.mote --prompt the --units 4")));
    CHECK(cells(drawn(directory, words("hidden m.mote --prompt the --units 5"))) == four + 3);
    CHECK(cells(drawn(directory, words("hidden m.mote --prompt that --units 4"))) == four + 4);
    CHECK(cells(drawn(directory, words("hidden m.mote --prompt the"))) == four + 3 * (12 - 4));
    auto written = words_in(drawn(directory, words("hidden m.mote --prompt the")));
    CHECK(has(written, "12"));
    CHECK(!has(written, "13"));
    CHECK(has(written, "+1"));
    train(directory, repeated("the cat sat on the mat\n", 20), "--lines");
    CHECK(cells(drawn(directory, words("hidden m.mote --prompt the --units 4"))) == four + 4); /* the boundary's */
}

TEST_CASE("a picture of surprise has a bar for each character, of the height that score gives") {
    if (!has_gnuplot()) return;
    Directory directory;
    train(directory, repeated(odd_line, 20), "--lines");
    std::string text = "a_b^c{d}e@f&g~h\\i\"j'k`l%m<n>o";
    auto written = words_in(drawn(directory, words("surprise m.mote") + Arguments{text}));
    for (char c : text) CHECK(has(written, std::string(1, c)));
    nlohmann::json score = directory.mote_ok(words("score m.mote --json") + Arguments{text}).json();
    for (double bits : score["bits"]) {
        char number[32];
        std::snprintf(number, sizeof number, "%.1f", bits);
        CHECK(has(written, number));
    }
    auto bars = [&](size_t characters) {
        return count(drawn(directory, words("surprise m.mote") + Arguments{std::string(characters, 'a')}),
                     "fill = 'rgb(112, 112, 112)'");
    };
    CHECK(bars(20) == 20);
    CHECK(bars(300) == 300);
}

TEST_CASE("a PNG is one, and twice as large as the SVG") {
    if (!has_gnuplot()) return;
    Directory directory;
    directory.write("run.csv", log_of(100, 25));
    directory.mote_ok(words("plot loss run.csv -o picture.png"));
    std::string png = directory.read("picture.png"), svg = drawn(directory, words("loss run.csv"));
    REQUIRE(png.size() > 24);
    CHECK(png.substr(0, 8) == "\x89PNG\r\n\x1A\n");
    auto number = [&](size_t at) {
        return static_cast<unsigned char>(png[at + 2]) * 256u + static_cast<unsigned char>(png[at + 3]);
    };
    CHECK(svg.find("width=\"" + std::to_string(number(16) / 2) + "\" height=\"" + std::to_string(number(20) / 2)) !=
          std::string::npos);
    CHECK(directory.names() == std::vector<std::string>{"picture.png", "picture.svg", "run.csv"});
}

namespace {

const std::string sweep_header = "lr,hidden,seed,dev_loss,error,job\n";

std::string sweep_of(const std::vector<std::string> &rows) {
    std::string text = sweep_header;
    for (const std::string &row : rows) text += row + ",job\n";
    return text;
}

} // namespace

TEST_CASE("plot sweep draws a line for each value of the second option, and failed trainings as such") {
    if (!has_gnuplot()) return;
    Directory directory;
    directory.write("r.csv",
                    sweep_of({"0.01,32,1,2.5,", "0.01,32,2,2.6,", "0.1,32,1,2.4,", "0.01,64,1,2.3,", "0.1,64,1,,no"}));
    std::multiset<std::string> shown = words_in(drawn(directory, words("sweep r.csv")));
    for (const char *word : {"lr", "dev loss (nats)", "hidden 32", "hidden 64", "0.01", "0.1", "failed"}) {
        CAPTURE(word);
        CHECK(has(shown, word));
    }
    shown = words_in(drawn(directory, words("sweep r.csv --x hidden --lines lr --log-y")));
    for (const char *word : {"hidden", "lr 0.01", "lr 0.1", "32", "64"}) {
        CAPTURE(word);
        CHECK(has(shown, word));
    }
}

TEST_CASE("plot sweep joins no trainings that differ in more than is drawn") {
    if (!has_gnuplot()) return;
    Directory directory;
    const std::string rows = "rnn,tanh,2,1,2.5,,j\nrnn,relu,2,1,2.6,,j\ngru,tanh,4,1,2.4,,j\n";
    directory.write("r.csv", "model,activation,hidden,seed,dev_loss,error,job\n" + rows);
    std::multiset<std::string> shown = words_in(drawn(directory, words("sweep r.csv")));
    CHECK(has(shown, "hidden")); /* numbers are the axis */
    CHECK(has(shown, "model rnn"));
    CHECK(has(shown, "model gru"));
    directory.write("one.csv", "model,seed,dev_loss,error,job\nrnn,1,2.5,,j\ngru,1,2.6,,j\n");
    shown = words_in(drawn(directory, words("sweep one.csv")));
    CHECK(has(shown, "rnn"));
    CHECK(has(shown, "gru"));
    directory.write("seeds.csv", "seed,dev_loss,error,job\n1,2.5,,j\n2,2.6,,j\n");
    CHECK(has(words_in(drawn(directory, words("sweep seeds.csv"))), "seed"));
}

TEST_CASE("plot sweep refuses what is no table of a sweep, and names the place") {
    Directory directory;
    directory.write("r.csv", sweep_of({"0.01,32,1,2.5,", "0.1,32,1,2.4,"}));
    directory.write("log.csv", log_of(5, 2));
    directory.write("bad.csv", sweep_of({"0.01,32,1,x,"}));
    directory.write("short.csv", sweep_header + "0.01,32\n");
    directory.write("none.csv", sweep_of({"0.01,32,1,,no"}));
    directory.write("head.csv", sweep_header);
    directory.write("open.csv", sweep_header + "\"0.01,32\n");
    auto refused = [&](const std::string &arguments, int code, const std::vector<std::string> &mentions) {
        check_refused(directory, words("plot sweep " + arguments + " -o p.svg"), code, mentions);
    };
    refused("log.csv", 1, {"log.csv", "no table of mote sweep"});
    refused("bad.csv", 1, {"bad.csv: line 2", "'x'"});
    refused("short.csv", 1, {"short.csv: line 2", "2 fields"});
    refused("none.csv", 1, {"none.csv", "dev loss"});
    refused("head.csv", 1, {"head.csv", "no rows"});
    refused("open.csv", 1, {"open.csv: line 2", "not closed"});
    refused("r.csv --x foo", 2, {"--x foo", "lr, hidden and seed"});
    refused("r.csv --x lr --lines lr", 2, {"--lines lr"});
    check_refused(directory, words("plot sweep r.csv -o r.csv"), 2, {"r.csv"});
}
