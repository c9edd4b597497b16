// setup(), and loop() some times: a test has to end.
#include "Arduino.h"

extern "C" {
#include "console.h"
}

#include <string.h>

SerialPort Serial;

size_t SerialPort::write(const uint8_t *bytes, size_t count) {
    console_write(reinterpret_cast<const char *>(bytes), count);
    return count;
}
size_t SerialPort::print(const char *text) {
    console_text(text);
    return strlen(text);
}
size_t SerialPort::print(double number, int) {
    console_decimal(static_cast<float>(number));
    return 0;
}

int main() {
    setup();
    for (int i = 0; i < 10; i++) loop();
    return 0;
}
