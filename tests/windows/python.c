/* A stand-in for CPython on Windows: it tells the facts that were written down for it, and prints what it was called with. In a virtual
   environment (pyvenv.cfg stands above it) `@V@` in the facts is that environment. */

#include <stdio.h>
#include <string.h>
#include <windows.h>

/* Cuts the last segment off. */
static void up(char *path) {
    char *last = strrchr(path, '\\');
    if (last) *last = 0;
}

/* As JSON has it. */
static void print_path(const char *path) {
    for (; *path; path++) {
        if (*path == '\\') putchar('\\');
        putchar(*path);
    }
}

static int tell(const char *file, const char *environment) {
    FILE *facts = fopen(file, "rb");
    if (!facts) return 1;
    for (int c = fgetc(facts); c != EOF; c = fgetc(facts)) {
        if (c != '@') putchar(c);
        else if (fgetc(facts) == 'V' && fgetc(facts) == '@') print_path(environment);
    }
    fclose(facts);
    return 0;
}

int main(int argc, char **argv) {
    char home[MAX_PATH], config[MAX_PATH + 16];
    GetModuleFileNameA(NULL, home, MAX_PATH);
    up(home);
    up(home);
    snprintf(config, sizeof config, "%s\\pyvenv.cfg", home);
    FILE *found = fopen(config, "rb");
    if (found) fclose(found);
    for (int i = 1; i < argc; i++) {
        if (strstr(argv[i], "tercet-facts")) {
            return tell(found ? "C:\\Python\\environment.json" : "C:\\Python\\base.json", home);
        }
    }
    printf("%s python:", found ? "environment's" : "base");
    for (int i = 1; i < argc; i++) printf(" [%s]", argv[i]);
    printf("\n");
    return 0;
}
