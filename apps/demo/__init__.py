"""The demo workspace on made-up data (ข้อมูลจำลอง), and how each layer of it is made up.

``build.build`` builds it.
"""
