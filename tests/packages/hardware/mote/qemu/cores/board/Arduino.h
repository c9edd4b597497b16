/* The part of Arduino's API that the sketches use, on the console of platform/boards. */
#ifndef ARDUINO_H
#define ARDUINO_H

#include <stddef.h>
#include <stdint.h>

void setup();
void loop();
inline void delay(unsigned long) {}

class SerialPort {
  public:
    void begin(unsigned long) {}
    explicit operator bool() const { return true; }
    size_t write(const uint8_t *bytes, size_t count);
    size_t print(const char *text);
    size_t print(double number, int digits = 2);
    size_t println() { return print("\r\n"); }
    size_t println(const char *text) { return print(text) + println(); }
    size_t println(double number, int digits = 2) { return print(number, digits) + println(); }
};
extern SerialPort Serial;

#endif
