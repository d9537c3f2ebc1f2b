"""Files that people take away from plans, layers, clusters and routes.

``plan_files.export_plan`` writes a plan's files, ``sealed_package`` the one file that proves it.
"""
