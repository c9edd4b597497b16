/* Stands for gnuplot, where Windows looks for gnuplot.exe: a picture that says how many lines it was told to draw. */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
    int lines = 0, c;
    if (argc != 2 || strcmp(argv[1], "-d") != 0) return 3;
    while ((c = getchar()) != EOF) lines += c == '\n';
    printf("<?xml version=\"1.0\"?><svg>%d lines</svg>\n", lines);
    return lines > 0 ? 0 : 4;
}
